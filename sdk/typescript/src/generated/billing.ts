// Generated from docs/api/billing.openapi.json by `npm run generate`; edits are lost.

export interface paths {
    "/teams/{teamId}/projects/{projectId}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description List customers.
         *
         *     Newest first.
         */
        get: operations["list_customers"];
        put?: never;
        /**
         * Create a customer
         * @description Create a customer.
         *
         *     Creates it in Stripe too, or links to the Stripe customer with the same e-mail address and imports its subscriptions and
         *     invoices. An address that the project has already is answered with 409; upper and lower case do not matter.
         *
         *     `referralCode`, `clickToken` and `referralId` tie the customer to who brought them. One that is unknown, too old or switched
         *     off never stands in the way: the customer is made, and `attribution` says why nothing was bound.
         */
        post: operations["create_customer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/customers/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a customer
         * @description Get a customer.
         */
        get: operations["get_customer"];
        put?: never;
        post?: never;
        /**
         * Delete a customer
         * @description Delete a customer.
         *
         *     Here only: the Stripe customer, its subscriptions and invoices stay.
         */
        delete: operations["delete_customer"];
        options?: never;
        head?: never;
        /**
         * Update a customer
         * @description Update a customer.
         *
         *     In Stripe too. Keys that others put on the Stripe customer stay as they are.
         */
        patch: operations["update_customer"];
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products
         * @description List products.
         *
         *     Newest first; archived ones only with `activeOnly=false`.
         */
        get: operations["list_products"];
        put?: never;
        /**
         * Create a product
         * @description Create a product.
         *
         *     In Stripe too, where it is stamped with the project.
         */
        post: operations["create_product"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/products/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a product
         * @description Get a product.
         *
         *     An archived one too.
         */
        get: operations["get_product"];
        put?: never;
        post?: never;
        /**
         * Archive a product
         * @description Archive a product.
         *
         *     Stripe deletes no product that has prices, and history must stay: it becomes inactive, here and in Stripe.
         */
        delete: operations["archive_product"];
        options?: never;
        head?: never;
        /**
         * Update a product
         * @description Update a product.
         *
         *     In Stripe too, whose `active` follows `isActive`.
         */
        patch: operations["update_product"];
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/products/{productId}/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a product's prices
         * @description List a product's prices.
         *
         *     Newest first; archived ones only with `activeOnly=false`.
         */
        get: operations["list_prices"];
        put?: never;
        /**
         * Create a price of a product
         * @description Create a price of a product.
         *
         *     In Stripe too, where it is stamped with the project.
         */
        post: operations["create_price"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/prices/{priceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a price
         * @description Get a price.
         *
         *     An archived one too.
         */
        get: operations["get_price"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update a price
         * @description Update a price.
         *
         *     Only whether it is active, its nickname and its metadata; in Stripe too.
         */
        patch: operations["update_price"];
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/checkout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a checkout
         * @description Open a checkout.
         *
         *     The subscription appears in the list when Stripe says that the checkout was completed. Stripe's template
         *     `{CHECKOUT_SESSION_ID}` may stand in `successUrl`.
         *
         *     `referralCode` is a code that the customer typed: it counts once the checkout is completed. `clickToken` and `referralId` are
         *     of a link that was followed before the customer signed up. One that says nothing to us never stands in the way.
         */
        post: operations["create_checkout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List subscriptions
         * @description List subscriptions.
         *
         *     Newest first; those in other statuses than `active` and `trialing` only with `activeOnly=false`.
         */
        get: operations["list_subscriptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/subscriptions/{subscriptionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a subscription
         * @description Get a subscription.
         */
        get: operations["get_subscription"];
        put?: never;
        post?: never;
        /**
         * Cancel a subscription now
         * @description Cancel a subscription now.
         *
         *     It is `canceled` in the answer and for good; one that has ended before is answered as it is.
         */
        delete: operations["cancel_subscription"];
        options?: never;
        head?: never;
        /**
         * Cancel a subscription at the end of its period, or resume it
         * @description Cancel a subscription at the end of its period, or resume it.
         *
         *     One that has ended cannot be changed (409); the value that it has already is answered as it is.
         */
        patch: operations["update_subscription"];
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/portal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a customer's portal
         * @description Open a customer's portal.
         *
         *     The link works without signing in, as often as the customer likes, until it expires or he is deleted. `returnUrl` is where
         *     the page's link back leads, instead of the address in the project's branding. There is no `Idempotency-Key` here: its record
         *     would keep the token.
         */
        post: operations["create_portal_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply a referral code to a new customer
         * @description Apply a referral code to a new customer.
         *
         *     The referral is `pending` until the customer subscribes. 400: referrals are disabled, the code is deactivated or the
         *     customer's own. 409: the customer was referred before, has or had a subscription, or referred the owner of the code.
         */
        post: operations["apply_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the referral settings
         * @description Get the referral settings.
         *
         *     Disabled and zero until they are set.
         */
        get: operations["get_referral_config"];
        /**
         * Set the referral settings
         * @description Set the referral settings.
         *
         *     They hold for referrals made from now on; those made before keep the amounts that were promised to them.
         */
        put: operations["put_referral_config"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List referral codes
         * @description List referral codes.
         *
         *     Newest first; deactivated ones only with `activeOnly=false`.
         */
        get: operations["list_codes"];
        put?: never;
        /**
         * Create a customer's referral code
         * @description Create a customer's referral code.
         *
         *     A customer has one: if it exists it is answered with 200, active again if it was deactivated. Works while referrals are
         *     disabled. With `maxUses` it makes that many referrals in all and then none, those that it made already included; given for
         *     a code that exists it changes the limit, null takes it away, and left out it stays as it is.
         */
        post: operations["create_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/codes/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a referral code with its history
         * @description Get a referral code with its history.
         *
         *     Whom it brought, newest first, and what became of each credit. A deactivated code too.
         */
        get: operations["get_code"];
        put?: never;
        post?: never;
        /**
         * Deactivate a referral code
         * @description Deactivate a referral code.
         *
         *     It brings nobody from now on; referrals that it made go on. Doing it again changes nothing.
         */
        delete: operations["deactivate_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/{referralId}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void a referral
         * @description Void a referral.
         *
         *     It never converts from now on, and everything that its payments earned or would earn counts for nothing; what was paid out of
         *     it is netted by the earner's next payouts. What the conversion itself gave stays. 409: it is void already.
         */
        post: operations["void_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/{referralId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a void referral
         * @description Restore a void referral.
         *
         *     It counts again with all that its payments earn, and the signals that made it void are released. 409: it is not void.
         */
        post: operations["restore_referral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/referrals/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain a customer's payments
         * @description Explain a customer's payments.
         *
         *     Works out anew, from what is stored, who brought the customer and what each payment earned: the touches seen, the rule that
         *     won, the rules that lost and why, the terms, the arithmetic, the ledger. It explains payments that earned nothing, too.
         */
        get: operations["explain_referrals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/programs/{programKey}/attribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a program's attribution rules
         * @description Get a program's attribution rules.
         */
        get: operations["get_attribution_rules"];
        /**
         * Set a program's attribution rules
         * @description Set a program's attribution rules.
         *
         *     For referrals made from now on: a new version of the terms. Those that are there are decided by the version that they pinned.
         */
        put: operations["set_attribution_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the settings of links
         * @description Get the settings of links.
         */
        get: operations["get_links"];
        /**
         * Set where links lead
         * @description Set where links lead.
         */
        put: operations["set_links"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/publishable-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List publishable keys
         * @description List publishable keys.
         */
        get: operations["list_publishable_keys"];
        put?: never;
        /**
         * Create a publishable key
         * @description Create a publishable key.
         */
        post: operations["create_publishable_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/publishable-keys/{publishableKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a publishable key
         * @description Revoke a publishable key.
         */
        delete: operations["revoke_publishable_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/promotion-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List promotion codes that belong to somebody
         * @description List promotion codes that belong to somebody.
         */
        get: operations["list_promotion_codes"];
        put?: never;
        /**
         * Tie a promotion code to a referral code
         * @description Tie a promotion code to a referral code.
         *
         *     Whoever pays with it from now on was brought by the code's owner, as the terms' precedence says.
         */
        post: operations["tie_promotion_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/promotion-codes/{promotionCodeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Untie a promotion code
         * @description Untie a promotion code.
         *
         *     It goes on working in Stripe; it brings nobody any more.
         */
        delete: operations["untie_promotion_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/programs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List programs
         * @description List programs.
         *
         *     Oldest first; a project has 20 at most, so this list has no pages.
         */
        get: operations["list_programs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/programs/{programKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a program
         * @description Get a program.
         *
         *     By its key, such as `customer_referrals` or `sign_up_bonus`.
         */
        get: operations["get_program"];
        /**
         * Set a program
         * @description Set a program.
         *
         *     Whole: what is left out has its default. Terms that differ are a new version for referrals made from now on; those made
         *     before keep theirs. Any program may settle as Stripe balance, payout or wallet; a share needs payments to be a share of. What
         *     is about sign-ups (`takeBackAfterDays`, `linkAddress`, `hosts`, `origins`, `refuseDisposable`) is refused for a program that
         *     converts on something else. 409: a host belongs to another program.
         */
        put: operations["put_program"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/programs/{programKey}/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a program's terms
         * @description List the versions of a program's terms.
         *
         *     A referral keeps the version that was in force when it was made; one with a date counts for everything that is paid from
         *     then on.
         */
        get: operations["list_program_terms"];
        put?: never;
        /**
         * Edit a program's terms
         * @description Edit a program's terms.
         *
         *     Adds a version for new referrals only, or for everything that is paid from a date on. What was earned is never touched: a
         *     date in the past is refused. Everything but the rules stays as it is.
         */
        post: operations["edit_program_terms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/programs/{programKey}/terms/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview an edit of a program's terms
         * @description Preview an edit of a program's terms.
         *
         *     What it would have changed over the last 90 days, computed by the functions that pay. Changes nothing.
         */
        post: operations["preview_program_terms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/wallets/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a customer's wallets
         * @description Get a customer's wallets.
         *
         *     One for each unit that the customer ever held or that has an allowance. What has expired is not in the balance.
         */
        get: operations["get_wallets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/wallets/{customerId}/spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Spend credits
         * @description Spend credits.
         *
         *     The month's free allowance first, then those bonus credits that expire first, then the oldest. All of the amount or
         *     nothing: 402 tells what there is. The same key with the same spend gets the first answer again, for ever; a 402 is not
         *     kept. The key of another spend is answered with 409.
         */
        post: operations["spend_credits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/wallets/{customerId}/grant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Grant credits
         * @description Grant credits.
         *
         *     The same key with the same grant puts nothing in again and gets the same answer; the key of another grant is answered
         *     with 409. What is not spent when `expiresAt` comes is lost.
         */
        post: operations["grant_credits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/wallets/{customerId}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a wallet's ledger lines
         * @description List a wallet's ledger lines.
         *
         *     Newest first. Their changes add up to the balance, but for what has expired in the last hour and is not posted yet. What the
         *     allowance gave is no line: it was never in the balance.
         */
        get: operations["list_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/wallet-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the monthly free allowances
         * @description List the monthly free allowances.
         */
        get: operations["get_wallet_settings"];
        /**
         * Set the monthly free allowance of a unit
         * @description Set the monthly free allowance of a unit.
         *
         *     For every customer of the project, at once: a higher one can be spent this month already, a lower one takes nothing back. It
         *     begins anew with each calendar month in UTC, and what is left of a month is not carried over.
         */
        put: operations["set_wallet_setting"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a project's analytics
         * @description Get a project's analytics.
         *
         *     Monthly recurring revenue counts active and trialing subscriptions in the project's currency; other currencies stand in
         *     `mrrByCurrency`. Churn is the share of the subscriptions that ran at the window's start and ended within it.
         */
        get: operations["get_analytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description List webhooks.
         *
         *     All of the project, oldest first: there are at most a hundred.
         */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Create a webhook.
         *
         *     Its signing secret is in this answer only. An `Idempotency-Key` is not taken: the answer would have to be kept, with the
         *     secret.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Get a webhook.
         */
        get: operations["get_webhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Delete a webhook.
         *
         *     With all that waits for it and the record of what it was sent.
         */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        /**
         * Update a webhook
         * @description Update a webhook.
         *
         *     While it is disabled it goes on collecting events; `"enabled": true` sends what waits, in order.
         */
        patch: operations["update_webhook"];
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate a webhook's secret
         * @description Rotate a webhook's secret.
         *
         *     The new one is in this answer only. For 24 hours the one before it signs beside it, so that a receiver may check either.
         */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a webhook's deliveries
         * @description List a webhook's deliveries.
         *
         *     Newest first; the next page begins `before` the last id of this one. They are kept as long as events are.
         */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery with its tries
         * @description Get a delivery with its tries.
         */
        get: operations["get_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/deliveries/{deliveryId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend a delivery
         * @description Resend a delivery.
         *
         *     Whatever became of it: it goes out at once, under the same event id, and has all its tries before it.
         */
        post: operations["resend_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend a stretch of time
         * @description Resend a stretch of time.
         *
         *     What was given up, and with `withDelivered` also what was delivered, oldest first and 10,000 at most: while `hasMore` is true,
         *     send the request again with a later `from`. Moments are those at which deliveries were made (`createdAt`).
         */
        post: operations["resend_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Send a test event.
         *
         *     To this webhook alone, with `"test": true` and the example of the catalogue as its data.
         */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the feed of events
         * @description Follow the feed of events.
         *
         *     In one order for everybody, and whoever goes on from the cursor gets each event once. Kept for 90 days, unless the
         *     operator has set another number. A cursor whose events are gone is answered with 410: list what you need from the API
         *     again and follow from `latest`. 429 with Retry-After: too many requests of this caller are waiting.
         */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/events/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a test event into the feed
         * @description Put a test event into the feed.
         *
         *     With the example of the catalogue as its data and `"test": true`. It reaches every webhook that wants its type.
         */
        post: operations["trigger_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/branding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a project's branding
         * @description Get a project's branding.
         *
         *     It takes a key without a list of scopes, or an admin.
         */
        get: operations["get_branding"];
        /**
         * Set a project's branding
         * @description Set a project's branding.
         *
         *     It takes a key without a list of scopes, or an admin. Of the accent colour only the hue is used, so no choice makes a text
         *     unreadable. An SVG is no logo, because it can hold a script.
         */
        put: operations["put_branding"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}/identity-provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List identity providers
         * @description List identity providers.
         *
         *     The logins whose tokens the referral API believes for this project. It takes a key with full access, or an admin.
         */
        get: operations["list_identity_providers"];
        /**
         * Set an identity provider
         * @description Set an identity provider.
         *
         *     New, or in place of the one with the same issuer. An issuer and audience that another project has is answered with 409:
         *     a token must say which project it is for.
         */
        put: operations["put_identity_provider"];
        post?: never;
        /**
         * Remove an identity provider
         * @description Remove an identity provider.
         *
         *     Its tokens are refused within a second. The customers that they made stay.
         */
        delete: operations["delete_identity_provider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my teams
         * @description List my teams.
         *
         *     Those that the signed-in person is a member of, oldest first.
         */
        get: operations["list_teams"];
        put?: never;
        /**
         * Create a team
         * @description Create a team.
         *
         *     Whoever creates it is its owner. It has no project and no Stripe account yet. 403 for somebody who is in no team, where one
         *     comes by invitation only.
         */
        post: operations["create_team"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a team
         * @description Get a team.
         */
        get: operations["get_team"];
        put?: never;
        post?: never;
        /**
         * Delete a team
         * @description Delete a team.
         *
         *     With its projects; its API keys end at once and its Stripe keys are wiped. 409 while a subscription in it has not ended.
         *     What was paid stays in the database.
         */
        delete: operations["delete_team"];
        options?: never;
        head?: never;
        /**
         * Rename a team
         * @description Rename a team.
         */
        patch: operations["update_team"];
        trace?: never;
    };
    "/teams/{teamId}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects
         * @description List projects.
         */
        get: operations["list_projects"];
        put?: never;
        /**
         * Create a project
         * @description Create a project.
         */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/projects/{projectId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a project
         * @description Get a project.
         */
        get: operations["get_project"];
        put?: never;
        post?: never;
        /**
         * Delete a project
         * @description Delete a project.
         *
         *     API keys that are limited to it are revoked, and it is 404 from now on. 409 while a subscription in it has not ended. What
         *     was paid stays in the database.
         */
        delete: operations["delete_project"];
        options?: never;
        head?: never;
        /**
         * Rename a project
         * @description Rename a project.
         */
        patch: operations["update_project"];
        trace?: never;
    };
    "/teams/{teamId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description List members.
         */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member, or leave the team
         * @description Remove a member, or leave the team.
         *
         *     Anybody may leave; admins remove viewers and members, owners everybody. 409 for the last owner.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Change a member's role.
         *
         *     Admins decide about viewers and members, owners about everybody. The member is signed out everywhere; if it is yourself, this
         *     session goes on with a new cookie. 409 for the last owner.
         */
        patch: operations["update_member"];
        trace?: never;
    };
    "/teams/{teamId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List open invitations
         * @description List open invitations.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invite somebody into the team
         * @description Invite somebody into the team.
         *
         *     By a mail with a link that works once, for seven days. Admins invite viewers and members, owners everybody. 409: the address
         *     is in the team already, or has an open invitation.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/invitations/{invitationId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invitation again
         * @description Send an invitation again.
         *
         *     With a new link, for seven more days; the link that was sent before is dead.
         */
        post: operations["resend_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Revoke an invitation.
         *
         *     Its link is dead.
         */
        delete: operations["revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Accept an invitation.
         *
         *     The signed-in person must have the address that it was sent to; this session goes on with a new cookie. 404: the link is
         *     unknown, used, revoked or too old.
         */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description List API keys.
         */
        get: operations["list_api_keys"];
        put?: never;
        /**
         * Create an API key
         * @description Create an API key.
         *
         *     The key itself is in this answer only. Writing does not include reading: name both scopes for both. 404: the team has no such
         *     project.
         */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Revoke an API key.
         *
         *     For good, in every server within a second.
         */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect a Stripe account, or give the connection new keys
         * @description Connect a Stripe account, or give the connection new keys.
         *
         *     The secret key is tried first: 400 and nothing stored if Stripe refuses it. 409: the team has data of another account. A
         *     signing secret that is replaced stays good for 24 hours. No answer repeats a key.
         */
        post: operations["connect_stripe"];
        /**
         * Disconnect Stripe
         * @description Disconnect Stripe.
         *
         *     The keys are wiped, the data stays. Stripe's events are answered 404 from then on.
         */
        delete: operations["disconnect_stripe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect the Stripe account in the box
         * @description Connect the Stripe account in the box.
         *
         *     It is made for the team, or taken up again with new keys. 409: Stripe is connected, or the team has data of another account.
         */
        post: operations["simulate_stripe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell how the team stands with Stripe
         * @description Tell how the team stands with Stripe.
         *
         *     Stripe is asked whether the key is still good. `backfill` is the latest import, null if there never was one.
         */
        get: operations["get_stripe_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/webhook-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell where Stripe shall send the team's events
         * @description Tell where Stripe shall send the team's events.
         */
        get: operations["get_webhook_url"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import what the Stripe account holds
         * @description Import what the Stripe account holds.
         *
         *     The body may be left out: everything is imported. A short import is done when this is answered (`ready`), a long one goes on
         *     by itself (`syncing`, see the status). 409 while one is running. Done again, everything is brought up to date.
         */
        post: operations["start_backfill"];
        /**
         * Stop an import where it is
         * @description Stop an import where it is.
         *
         *     What was read stays. Started again with the same body, the import goes on behind the last stored page. 409 if none is running.
         */
        delete: operations["stop_backfill"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/unassigned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is in the Stripe account and in no project
         * @description List what is in the Stripe account and in no project.
         *
         *     It is what imports have found and the events since then have told of; nothing before the first import.
         */
        get: operations["list_unassigned"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Assign a Stripe customer or product to a project
         * @description Assign a Stripe customer or product to a project.
         *
         *     The object is stamped with the project in Stripe. A customer's subscriptions, invoices and charges come in with him, a
         *     product's prices with it; nobody is credited for what they paid before. 409: another project has it, or another customer
         *     has the address. Again is as good: what is missing comes in.
         */
        post: operations["assign_stripe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/stripe/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the latest comparison with Stripe
         * @description Get the latest comparison with Stripe.
         */
        get: operations["get_reconciliation"];
        put?: never;
        /**
         * Compare our rows with Stripe
         * @description Compare our rows with Stripe.
         *
         *     Products, prices, subscriptions, invoices and payments are asked of Stripe again, by default 100 of each; with
         *     `{"sample": null}` everything is, and what Stripe has and we lack is found too. Nothing is changed. Read the report with GET;
         *     409 while a comparison runs.
         */
        post: operations["start_reconciliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/teams/{teamId}/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description Read the audit log.
         *
         *     Newest first; the next page begins `before` the last id of this one. Nothing in it can be changed, and nothing
         *     younger than 400 days removed.
         */
        get: operations["list_audit_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Customer
         * @description A customer of a project, with the Stripe customer behind it.
         */
        Customer: {
            id: string;
            email: string;
            name: string | null;
            stripeCustomerId: string | null;
            metadata: Record<string, never>;
            projectId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * CustomersAnswer
         * @description A page of customers, newest first.
         */
        CustomersAnswer: {
            customers: components["schemas"]["Customer"][];
        };
        /**
         * CreateCustomer
         * @description A new customer.
         */
        CreateCustomer: {
            /** @description a referral code of up to 64 characters */
            referralCode?: string | null;
            /** @description a click token of up to 300 characters */
            clickToken?: string | null;
            /** @description what POST /v1/affiliate/track answered as referralId, or a click token */
            referralId?: string | null;
            /** @description an e-mail address such as jane@example.com that no other customer of the project has */
            email: string;
            /** @description a text of 1 to 256 characters, or null */
            name?: string | null;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        };
        /**
         * Attribution
         * @description Who brought the customer, as it stands now: `code` null if nobody did.
         *
         *         `bound` tells whether what was passed on decided that; if not, `reason` says why, in a word of
         *         `GET …/referrals/explain`.
         */
        Attribution: {
            bound: boolean;
            code: string | null;
            referralId: string | null;
            reason: string | null;
        };
        /**
         * CreatedCustomerAnswer
         * @description The customer; `attribution` if something was passed on about who brought them.
         */
        CreatedCustomerAnswer: {
            customer: components["schemas"]["Customer"];
            attribution?: components["schemas"]["Attribution"] | null;
        };
        /**
         * CustomerAnswer
         * @description The customer.
         */
        CustomerAnswer: {
            customer: components["schemas"]["Customer"];
        };
        /**
         * Success
         * @description It was done.
         */
        Success: {
            success: boolean;
        };
        /**
         * UpdateCustomer
         * @description What to change; `metadata` replaces what there is, `"name": null` clears the name.
         */
        UpdateCustomer: {
            /** @description an e-mail address such as jane@example.com that no other customer of the project has */
            email?: string;
            /** @description a text of 1 to 256 characters, or null */
            name?: string | null;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        } | unknown | unknown | unknown;
        /**
         * Product
         * @description A product of a project; `isActive` false means archived.
         */
        Product: {
            id: string;
            name: string;
            description: string | null;
            isActive: boolean;
            stripeProductId: string;
            metadata: Record<string, never>;
            projectId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * ProductsAnswer
         * @description A page of products, newest first.
         */
        ProductsAnswer: {
            products: components["schemas"]["Product"][];
        };
        /**
         * CreateProduct
         * @description A new product.
         */
        CreateProduct: {
            /** @description a text of 1 to 250 characters */
            name: string;
            /** @description a text of 1 to 5000 characters, or null */
            description?: string | null;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        };
        /**
         * ProductAnswer
         * @description The product.
         */
        ProductAnswer: {
            product: components["schemas"]["Product"];
        };
        /**
         * UpdateProduct
         * @description What to change; `metadata` replaces what there is, `"description": null` clears it.
         */
        UpdateProduct: {
            /** @description a text of 1 to 250 characters */
            name?: string;
            /** @description a text of 1 to 5000 characters, or null */
            description?: string | null;
            /** @description true or false */
            isActive?: boolean;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        } | unknown | unknown | unknown | unknown;
        /**
         * Price
         * @description A price of a product; `unitAmount` is in whole minor units, null if Stripe computes it by tiers or usage.
         */
        Price: {
            id: string;
            productId: string;
            unitAmount: number | null;
            currency: string;
            type: string;
            interval: string | null;
            intervalCount: number;
            nickname: string | null;
            isActive: boolean;
            stripePriceId: string;
            metadata: Record<string, never>;
            projectId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * PricesAnswer
         * @description A page of prices, newest first.
         */
        PricesAnswer: {
            prices: components["schemas"]["Price"][];
        };
        /**
         * CreatePrice
         * @description A new price. With an `interval` it recurs, without one it is paid once.
         */
        CreatePrice: {
            /** @description a whole number of minor units (cents) from 0 to 99999999 */
            unitAmount: number;
            /**
             * @description the lower-case three-letter code of a currency that Stripe supports, such as usd
             * @default usd
             * @enum {string}
             */
            currency?: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
            /** @description "recurring" or "one_time"; it follows from interval */
            type?: ("recurring" | "one_time") | null;
            /** @description "day", "week", "month", "year" or null */
            interval?: ("day" | "week" | "month" | "year") | null;
            /**
             * @description a whole number of intervals, at most three years in all
             * @default 1
             */
            intervalCount?: number;
            /** @description a text of 1 to 500 characters, or null */
            nickname?: string | null;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        } | {
            /** @enum {unknown} */
            type?: "one_time" | null;
            interval?: null;
            /** @constant */
            intervalCount?: 1;
        } | {
            /** @enum {unknown} */
            type?: "recurring" | null;
            /** @constant */
            interval: "day";
            intervalCount?: unknown;
        } | {
            /** @enum {unknown} */
            type?: "recurring" | null;
            /** @constant */
            interval: "week";
            intervalCount?: unknown;
        } | {
            /** @enum {unknown} */
            type?: "recurring" | null;
            /** @constant */
            interval: "month";
            intervalCount?: unknown;
        } | {
            /** @enum {unknown} */
            type?: "recurring" | null;
            /** @constant */
            interval: "year";
            intervalCount?: unknown;
        };
        /**
         * PriceAnswer
         * @description The price.
         */
        PriceAnswer: {
            price: components["schemas"]["Price"];
        };
        /**
         * UpdatePrice
         * @description What to change; amount, currency and interval never change: create a new price and archive this one.
         */
        UpdatePrice: {
            /** @description true or false */
            isActive?: boolean;
            /** @description a text of 1 to 500 characters, or null */
            nickname?: string | null;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        } | unknown | unknown | unknown;
        /**
         * OpenCheckout
         * @description What is sold to whom, and where the customer goes afterwards.
         */
        OpenCheckout: {
            /** @description a referral code of up to 64 characters */
            referralCode?: string | null;
            /** @description a click token of up to 300 characters */
            clickToken?: string | null;
            /** @description what POST /v1/affiliate/track answered as referralId, or a click token */
            referralId?: string | null;
            /** @description the id of a customer, pc_… */
            customerId: string;
            /** @description the id of an active price, pri_… */
            priceId: string;
            /**
             * @description a whole number from 1 to 999999
             * @default 1
             */
            quantity?: number;
            /** @description an absolute http or https address such as https://app.example.com/done */
            successUrl: string;
            /** @description an absolute http or https address such as https://app.example.com/done */
            cancelUrl: string;
            /**
             * @description "subscription" or "payment"
             * @default subscription
             * @enum {string}
             */
            mode?: "subscription" | "payment";
            /** @description a whole number of days from 1 to 730, for subscriptions only */
            trialDays?: number | null;
            /**
             * @description true or false: whether the page takes promotion codes
             * @default false
             */
            allowPromotionCodes?: boolean;
            /** @description an object of up to 50 keys of 1 to 40 characters without square brackets, with strings of up to 500 characters, numbers or booleans as values; project_id, team_id and billstack_… are reserved */
            metadata?: {
                [key: string]: string | number | boolean;
            };
        } | {
            /** @constant */
            mode?: "subscription";
        } | {
            /** @constant */
            mode: "payment";
            trialDays?: null;
        };
        /**
         * CheckoutAnswer
         * @description The Checkout Session; send the customer to `url`.
         */
        CheckoutAnswer: {
            sessionId: string;
            url: string | null;
        };
        /**
         * Subscription
         * @description A subscription of a customer; `priceId` is null for a price that is not this project's.
         */
        Subscription: {
            id: string;
            customerId: string;
            stripeSubscriptionId: string;
            status: string;
            priceId: string | null;
            quantity: number;
            cancelAtPeriodEnd: boolean;
            currentPeriodStart: string | null;
            currentPeriodEnd: string | null;
            metadata: Record<string, never>;
            projectId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * SubscriptionsAnswer
         * @description A page of subscriptions, newest first.
         */
        SubscriptionsAnswer: {
            subscriptions: components["schemas"]["Subscription"][];
        };
        /**
         * SubscriptionAnswer
         * @description The subscription.
         */
        SubscriptionAnswer: {
            subscription: components["schemas"]["Subscription"];
        };
        /**
         * UpdateSubscription
         * @description Whether the subscription ends with its period; false resumes it.
         */
        UpdateSubscription: {
            /** @description true (end with the period) or false (go on after all) */
            cancelAtPeriodEnd: boolean;
        };
        /**
         * OpenPortal
         * @description Whose portal, for how long, and where its link back leads.
         */
        OpenPortal: {
            /** @description the id of a customer, pc_… */
            customerId: string;
            /**
             * @description a whole number of milliseconds from 60000 to 86400000
             * @default 3600000
             */
            ttlMs?: number;
            /** @description an absolute http or https address such as https://app.example.com/account */
            returnUrl?: string | null;
        };
        /**
         * PortalAnswer
         * @description The session; send the customer to `portalUrl`. The token is told only here.
         */
        PortalAnswer: {
            sessionId: string;
            token: string;
            portalUrl: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /**
         * ApplyCode
         * @description Who came with which code.
         */
        ApplyCode: {
            /** @description a referral code, in upper or lower case */
            code: string;
            /** @description the id of the new customer, `pc_…` */
            refereeCustomerId: string;
        };
        /**
         * Referral
         * @description Who brought whom, and whether it has converted; a sign-up has no customer before its account exists.
         */
        Referral: {
            id: string;
            code: string;
            referrerCustomerId: string;
            refereeCustomerId: string | null;
            status: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * ReferralAnswer
         * @description The referral.
         */
        ReferralAnswer: {
            referral: components["schemas"]["Referral"];
        };
        /**
         * ReferralConfig
         * @description What a conversion gives each side, in minor units of `currency`.
         */
        ReferralConfig: {
            enabled: boolean;
            referrerCreditAmount: number;
            refereeCreditAmount: number;
            currency: string;
            projectId: string;
        };
        /**
         * ReferralConfigAnswer
         * @description The settings.
         */
        ReferralConfigAnswer: {
            config: components["schemas"]["ReferralConfig"];
        };
        /**
         * PutReferralConfig
         * @description The settings to put in force for referrals made from now on.
         */
        PutReferralConfig: {
            /** @description true or false */
            enabled: boolean;
            /** @description a whole number of cents from 0 to 1000000 */
            referrerCreditAmount: number;
            /** @description a whole number of cents from 0 to 1000000 */
            refereeCreditAmount: number;
            /**
             * @description the lower-case three-letter code of a currency that Stripe supports, such as usd
             * @default usd
             * @enum {string}
             */
            currency?: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
        };
        /**
         * Code
         * @description A customer's referral code; `maxUses` is how many referrals it may make in all, absent without a limit.
         */
        Code: {
            code: string;
            customerId: string;
            projectId: string;
            isActive: boolean;
            /** Format: date-time */
            createdAt: string;
            maxUses?: number;
        };
        /**
         * CodesAnswer
         * @description A page of codes, newest first.
         */
        CodesAnswer: {
            codes: components["schemas"]["Code"][];
        };
        /**
         * CreateCode
         * @description Whose code it is, and how many referrals it may make in all.
         */
        CreateCode: {
            /** @description the id of a customer, `pc_…` */
            customerId: string;
            maxUses?: number | null;
        };
        /**
         * CodeAnswer
         * @description The code.
         */
        CodeAnswer: {
            code: components["schemas"]["Code"];
        };
        /**
         * Credit
         * @description A credit in minor units: `held`, `available`, `failed` (with the reason; it is tried again) or `settled`.
         */
        Credit: {
            customerId: string;
            amount: number;
            currency: string;
            status: string;
            failureReason: string | null;
        };
        /**
         * ReferralHistory
         * @description A referral with what became of it.
         */
        ReferralHistory: {
            id: string;
            code: string;
            referrerCustomerId: string;
            refereeCustomerId: string | null;
            status: string;
            /** Format: date-time */
            createdAt: string;
            convertedAt: string | null;
            credits: components["schemas"]["Credit"][];
        };
        /**
         * CodeHistory
         * @description A referral code with whom it brought, newest first.
         */
        CodeHistory: {
            code: string;
            customerId: string;
            projectId: string;
            isActive: boolean;
            /** Format: date-time */
            createdAt: string;
            maxUses?: number;
            referrals: components["schemas"]["ReferralHistory"][];
        };
        /**
         * CodeHistoryAnswer
         * @description The code with its history.
         */
        CodeHistoryAnswer: {
            code: components["schemas"]["CodeHistory"];
        };
        /**
         * VoidReferral
         * @description Why a referral counts for nothing.
         */
        VoidReferral: {
            /**
             * @description self_referral, fraud, mistake, agreement or other; a partner sees it
             * @default other
             * @enum {string}
             */
            reason?: "self_referral" | "fraud" | "mistake" | "agreement" | "other";
            /** @description a text of 1 to 1000 characters, for the team only */
            note?: string | null;
        };
        /**
         * JudgedReferral
         * @description A referral with why it is `void` and who made it so; null for one that counts.
         */
        JudgedReferral: {
            id: string;
            code: string;
            referrerCustomerId: string;
            refereeCustomerId: string | null;
            status: string;
            /** Format: date-time */
            createdAt: string;
            voidReason: string | null;
            voidNote: string | null;
            voidedBy: string | null;
        };
        /**
         * JudgedReferralAnswer
         * @description The referral.
         */
        JudgedReferralAnswer: {
            referral: components["schemas"]["JudgedReferral"];
        };
        /**
         * ExplainedReferral
         * @description A referral of the customer; `voidReason` if it counts for nothing.
         */
        ExplainedReferral: {
            id: string;
            code: string;
            referrerId: string;
            status: string;
            termsId: string;
            /** Format: date-time */
            createdAt: string;
            convertedAt: string | null;
            voidReason: string | null;
        };
        /**
         * ExplainedRule
         * @description A kind of touch in its place of the declared order.
         */
        ExplainedRule: {
            place: number;
            kind: string;
            codes: string[];
            outcome: string;
            reason: string;
        };
        /**
         * ExplainedTouch
         * @description Something seen that ties the customer to a code; `outcome` is `won` or why it did not.
         */
        ExplainedTouch: {
            id: string;
            kind: string;
            code: string;
            referrerId: string | null;
            clickId: string | null;
            /** Format: date-time */
            happenedAt: string;
            outcome: string;
            reason: string;
            evidence: Record<string, never>;
        };
        /**
         * ExplainedProgram
         * @description How the attribution rules of one program went, by which version of its terms.
         */
        ExplainedProgram: {
            program: string;
            termsId: string;
            termsVersion: number;
            precedence: string[];
            touch: string;
            countedUntil: string;
            attributionDays: number | null;
            /** Format: date-time */
            windowEndsAt: string;
            claimedByApp: boolean;
            rules: components["schemas"]["ExplainedRule"][];
            touches: components["schemas"]["ExplainedTouch"][];
        };
        /**
         * Arithmetic
         * @description A line of the arithmetic; `amount` in minor units of the payment's currency.
         */
        Arithmetic: {
            code: string;
            text: string;
            amount: number;
            detail: string;
        };
        /**
         * LedgerLine
         * @description A transfer of the ledger; `amount` in whole minor units.
         */
        LedgerLine: {
            kind: string;
            debit: string;
            credit: string;
            amount: number;
            /** Format: date-time */
            at: string;
        };
        /**
         * PayoutPart
         * @description What a payout took of the reward; below zero what it gave back.
         */
        PayoutPart: {
            payoutId: string;
            amount: number;
            status: string;
        };
        /**
         * ExplainedCommission
         * @description What one rule gives one person for the payment: worked out anew, beside the reward, the ledger and the payouts.
         *
         *         `agrees` tells whether all of them say `amount`; of a void one they say zero.
         */
        ExplainedCommission: {
            rewardId: string | null;
            referralId: string;
            earnerId: string;
            rule: number;
            termsVersion: number;
            paymentNumber: number;
            outcome: string;
            unit: string;
            amount: number;
            status: string | null;
            heldUntil: string | null;
            voidReason: string | null;
            arithmetic: components["schemas"]["Arithmetic"][];
            ledger: components["schemas"]["LedgerLine"][];
            payouts: components["schemas"]["PayoutPart"][];
            agrees: boolean;
        };
        /**
         * ExplainedPayment
         * @description A payment of the customer: `outcome` is `earned` or why it earned nothing. `amountPaid` is in minor units.
         */
        ExplainedPayment: {
            id: string;
            number: string | null;
            currency: string;
            amountPaid: number;
            paidAt: string | null;
            outcome: string;
            reason: string;
            commissions: components["schemas"]["ExplainedCommission"][];
        };
        /**
         * Explanation
         * @description What was seen, which rule won, and what each payment came to.
         */
        Explanation: {
            customerId: string;
            /** Format: date-time */
            signedUpAt: string;
            firstPaidAt: string | null;
            lockedAt: string | null;
            referrals: components["schemas"]["ExplainedReferral"][];
            programs: components["schemas"]["ExplainedProgram"][];
            payments: components["schemas"]["ExplainedPayment"][];
        };
        /**
         * ExplanationAnswer
         * @description The explanation.
         */
        ExplanationAnswer: {
            explanation: components["schemas"]["Explanation"];
        };
        /**
         * AttributionRules
         * @description How a program decides: kinds in their order, the last or first of several, and how long a link counts.
         *
         *         `attributionDays` null means that a link counts however old it is.
         */
        AttributionRules: {
            precedence: string[];
            touch: string;
            countedUntil: string;
            attributionDays: number | null;
            version: number;
        };
        /**
         * AttributionRulesAnswer
         * @description The rules in force.
         */
        AttributionRulesAnswer: {
            attribution: components["schemas"]["AttributionRules"];
        };
        /**
         * SetAttributionRules
         * @description All of the rules; what is left out is as in a new program.
         */
        SetAttributionRules: {
            /** @description a list of deal, checkout_code, coupon, link, each once */
            precedence?: ("deal" | "checkout_code" | "coupon" | "link")[];
            /**
             * @description "last" or "first"
             * @default last
             * @enum {string}
             */
            touch?: "last" | "first";
            /**
             * @description "payment" or "signup"
             * @default payment
             * @enum {string}
             */
            countedUntil?: "payment" | "signup";
            /**
             * @description a whole number from 1 to 3650, or null
             * @default 30
             */
            attributionDays?: number | null;
        };
        /**
         * Links
         * @description Where links lead: `/r/{project}/{code}`, or `/{code}` on `linkHost`.
         */
        Links: {
            landingUrl: string | null;
            ownHosts: string[];
            linkHost: string | null;
            cookieDomain: string | null;
            setsCookies: boolean;
        };
        /**
         * LinksAnswer
         * @description The settings.
         */
        LinksAnswer: {
            links: components["schemas"]["Links"];
        };
        /**
         * SetLinks
         * @description All of the settings; what is left out is cleared.
         */
        SetLinks: {
            /** @description the page that links lead to, such as https://www.example.com/start, or null */
            landingUrl?: string | null;
            /** @description a list of up to 20 hosts of yours */
            ownHosts?: string[];
            /** @description a host that leads to this server, or null */
            linkHost?: string | null;
            /** @description the domain above linkHost, or null */
            cookieDomain?: string | null;
            /**
             * @description true or false: whether links set a cookie
             * @default true
             */
            setsCookies?: boolean;
        };
        /**
         * PublishableKey
         * @description A key for web pages: it tells of clicks on its origins and can do nothing else.
         */
        PublishableKey: {
            id: string;
            key: string;
            origins: string[];
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * PublishableKeysAnswer
         * @description Every key that is not revoked, newest first.
         */
        PublishableKeysAnswer: {
            publishableKeys: components["schemas"]["PublishableKey"][];
        };
        /**
         * CreatePublishableKey
         * @description A new key.
         */
        CreatePublishableKey: {
            /** @description a list of origins such as https://www.example.com */
            origins: string[];
        };
        /**
         * PublishableKeyAnswer
         * @description The key.
         */
        PublishableKeyAnswer: {
            publishableKey: components["schemas"]["PublishableKey"];
        };
        /**
         * PromotionCode
         * @description A promotion code of Stripe's with the referral code that it stands for.
         */
        PromotionCode: {
            id: string;
            stripePromotionCodeId: string;
            promotionCode: string;
            referralCode: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * PromotionCodesAnswer
         * @description Every promotion code that belongs to somebody.
         */
        PromotionCodesAnswer: {
            promotionCodes: components["schemas"]["PromotionCode"][];
        };
        /**
         * TiePromotionCode
         * @description Whose promotion code it is.
         */
        TiePromotionCode: {
            /** @description Stripe's id, promo_…, or the text that buyers type */
            promotionCode: string;
            /** @description a referral code of the project */
            referralCode: string;
        };
        /**
         * PromotionCodeAnswer
         * @description The promotion code.
         */
        PromotionCodeAnswer: {
            promotionCode: components["schemas"]["PromotionCode"];
        };
        /**
         * Amount
         * @description What a rule gives: `fixed` is `value` whole minor units of `unit`, `share` is `basisPoints` of a payment.
         */
        Amount: {
            /** @enum {unknown} */
            type: "fixed" | "share";
            value?: number | null;
            unit?: string | null;
            basisPoints?: number | null;
        };
        /**
         * ProductRate
         * @description The rate for the part of a payment that a product makes up.
         */
        ProductRate: {
            productId: string;
            amount: components["schemas"]["Amount"];
        };
        /**
         * Tier
         * @description The rate once a partner brought `atLeast` minor units of `unit` before a payment.
         */
        Tier: {
            atLeast: number;
            unit: string;
            amount: components["schemas"]["Amount"];
        };
        /**
         * Rule
         * @description Who earns what on what; `monthsMax` counts calendar months from the first payment.
         *
         *         Of several rates the most particular counts: the partner's own, a product's, a tier's, `amount`.
         */
        Rule: {
            /** @enum {unknown} */
            earner: "referee" | "referrer";
            /** @enum {unknown} */
            earnedOn: "conversion" | "payment";
            amount: components["schemas"]["Amount"];
            /** @enum {unknown} */
            settlesAs: "payout" | "stripe_balance" | "wallet";
            /** @default 0 */
            holdDays?: number;
            paymentsMax?: number | null;
            monthsMax?: number | null;
            /** @default [] */
            productRates?: components["schemas"]["ProductRate"][];
            /** @default [] */
            tiers?: components["schemas"]["Tier"][];
        };
        /**
         * Program
         * @description A program; `version` counts its terms, which are `convertsOn`, `rules`, `monthlyCap` and `takeBackAfterDays`.
         */
        Program: {
            key: string;
            projectId: string;
            enabled: boolean;
            version: number;
            /** @enum {unknown} */
            convertsOn: "payment" | "signup" | "subscription" | "verified_signup";
            rules: components["schemas"]["Rule"][];
            monthlyCap: number | null;
            takeBackAfterDays: number | null;
            linkAddress: string | null;
            hosts: string[];
            origins: string[];
            refuseDisposable: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * ProgramsAnswer
         * @description Every program of the project, oldest first.
         */
        ProgramsAnswer: {
            programs: components["schemas"]["Program"][];
        };
        /**
         * ProgramAnswer
         * @description The program.
         */
        ProgramAnswer: {
            program: components["schemas"]["Program"];
        };
        /**
         * PutProgram
         * @description The program as it is to be; what is left out has its default.
         */
        PutProgram: {
            /** @description true or false */
            enabled: boolean;
            /**
             * @description signup, verified_signup, subscription or payment: what makes a referral convert
             * @enum {string}
             */
            convertsOn: "signup" | "verified_signup" | "subscription" | "payment";
            /** @description a list of up to 10 rules; a rule has earner (referrer or referee), earnedOn (conversion or payment), amount ({"type": "fixed", "value": 5, "unit": "ai_credits"} or {"type": "share", "basisPoints": 2000}), settlesAs (stripe_balance, payout or wallet), and may have holdDays, paymentsMax, monthsMax, productRates (productId and amount) and tiers (atLeast, unit and amount); what is left out has its default */
            rules: ({
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            })[];
            /** @description the most units that a referrer is awarded for conversions in a calendar month, from 1 to 1000000000, or null for no limit */
            monthlyCap?: number | null;
            /** @description after how many days a sign-up without an account goes back to pending, 0 for never, or null for 7 days if the project has an identity provider and never if it has none; at most 365 */
            takeBackAfterDays?: number | null;
            /** @description the absolute address that links lead to, to which ref=CODE is added, or null for the published one */
            linkAddress?: string | null;
            /**
             * @description a list of up to 20 host names, in lower case and without a port
             * @default []
             */
            hosts?: string[];
            /**
             * @description a list of up to 20 origins as browsers send them, such as https://app.example.com
             * @default []
             */
            origins?: string[];
            /** @description true or false, or null for true if the program converts on sign-up */
            refuseDisposable?: boolean | null;
        };
        /**
         * TermsVersion
         * @description A version of a program's terms; `fromAt` is null for one that was for new referrals only.
         */
        TermsVersion: {
            version: number;
            rules: components["schemas"]["Rule"][];
            fromAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * TermsVersionsAnswer
         * @description The last fifty versions, newest first.
         */
        TermsVersionsAnswer: {
            versions: components["schemas"]["TermsVersion"][];
        };
        /**
         * EditTerms
         * @description The rules as they are to be, and for whom.
         */
        EditTerms: {
            /** @description a list of up to 10 rules; a rule has earner (referrer or referee), earnedOn (conversion or payment), amount ({"type": "fixed", "value": 5, "unit": "ai_credits"} or {"type": "share", "basisPoints": 2000}), settlesAs (stripe_balance, payout or wallet), and may have holdDays, paymentsMax, monthsMax, productRates (productId and amount) and tiers (atLeast, unit and amount); what is left out has its default */
            rules: ({
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            })[];
            /**
             * @description new_referrals (only those made from now on) or from_date (everything that is paid from a date on)
             * @enum {string}
             */
            appliesTo: "new_referrals" | "from_date";
            /** @description a time in ISO 8601 with its offset, now or later; left out, now; only with from_date */
            fromAt?: string | null;
        };
        /**
         * TermsVersionAnswer
         * @description The version in force.
         */
        TermsVersionAnswer: {
            version: components["schemas"]["TermsVersion"];
        };
        /**
         * PreviewTerms
         * @description The rules as they might be, and for whom.
         */
        PreviewTerms: {
            /** @description a list of up to 10 rules; a rule has earner (referrer or referee), earnedOn (conversion or payment), amount ({"type": "fixed", "value": 5, "unit": "ai_credits"} or {"type": "share", "basisPoints": 2000}), settlesAs (stripe_balance, payout or wallet), and may have holdDays, paymentsMax, monthsMax, productRates (productId and amount) and tiers (atLeast, unit and amount); what is left out has its default */
            rules: ({
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "conversion";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: null;
                monthsMax?: null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "stripe_balance";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    basisPoints?: null;
                } | {
                    /** @constant */
                    type: "share";
                    basisPoints: number;
                    value?: null;
                    unit?: null;
                };
                /** @constant */
                settlesAs: "payout";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: {
                    productId: string;
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
                /** @default [] */
                tiers?: {
                    atLeast: number;
                    /** @enum {string} */
                    unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                    amount: {
                        /** @constant */
                        type: "fixed";
                        value: number;
                        /** @enum {string} */
                        unit: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
                        basisPoints?: null;
                    } | {
                        /** @constant */
                        type: "share";
                        basisPoints: number;
                        value?: null;
                        unit?: null;
                    };
                }[];
            } | {
                /** @enum {unknown} */
                earner: "referrer" | "referee";
                /** @constant */
                earnedOn: "payment";
                amount: {
                    /** @constant */
                    type: "fixed";
                    value: number;
                    unit: string;
                    basisPoints?: null;
                };
                /** @constant */
                settlesAs: "wallet";
                /** @default 0 */
                holdDays?: number;
                paymentsMax?: number | null;
                monthsMax?: number | null;
                /** @default [] */
                productRates?: unknown[];
                /** @default [] */
                tiers?: unknown[];
            })[];
            /**
             * @description new_referrals (only those made from now on) or from_date (everything that is paid from a date on)
             * @enum {string}
             */
            appliesTo: "new_referrals" | "from_date";
        };
        /**
         * PreviewSum
         * @description What one currency comes to, in minor units; `customerId` is null where it is everybody's.
         */
        PreviewSum: {
            customerId: string | null;
            currency: string;
            before: number;
            after: number;
            difference: number;
        };
        /**
         * Preview
         * @description What an edit would have changed: of `payments`, `changed` would have earned another amount. Currencies are never summed.
         *
         *         `earners` are those for whom it would have changed most; `isComplete` is false where there are more referrals than are read.
         */
        Preview: {
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
            payments: number;
            changed: number;
            totals: components["schemas"]["PreviewSum"][];
            earners: components["schemas"]["PreviewSum"][];
            isComplete: boolean;
        };
        /**
         * PreviewAnswer
         * @description The preview.
         */
        PreviewAnswer: {
            preview: components["schemas"]["Preview"];
        };
        /**
         * AllowanceLeft
         * @description The month's free allowance, which is drawn before the balance.
         */
        AllowanceLeft: {
            monthly: number;
            left: number;
            renewsAt: string | null;
        };
        /**
         * NextExpiry
         * @description The credits of the balance that are lost next, and when.
         */
        NextExpiry: {
            amount: number;
            /** Format: date-time */
            expiresAt: string;
        };
        /**
         * Wallet
         * @description What a customer can spend of one unit: the balance of bonus credits, and on top of it what is left of the allowance.
         */
        Wallet: {
            unit: string;
            balance: number;
            allowance: components["schemas"]["AllowanceLeft"] | null;
            nextExpiry: components["schemas"]["NextExpiry"] | null;
        };
        /**
         * WalletsAnswer
         * @description A customer's wallets, one for each unit.
         */
        WalletsAnswer: {
            wallets: components["schemas"]["Wallet"][];
        };
        /**
         * SpendCredits
         * @description How much to spend of what.
         */
        SpendCredits: {
            /** @description the name of a unit such as ai_credits: a lower-case letter, then up to 31 lower-case letters, digits and underscores, and not the code of a currency */
            unit: string;
            /** @description a whole number from 1 to 9007199254740991 */
            amount: number;
            /** @description a text of 1 to 200 characters that names this one change in the project for ever */
            key: string;
        };
        /**
         * Spend
         * @description What was spent, `fromAllowance` of it from the month's free allowance, and what was left behind it.
         */
        Spend: {
            id: string;
            customerId: string;
            unit: string;
            amount: number;
            fromAllowance: number;
            balance: number;
            allowanceLeft: number;
            key: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * SpendAnswer
         * @description The spend; the same answer for the same key, for ever.
         */
        SpendAnswer: {
            spend: components["schemas"]["Spend"];
        };
        /**
         * InsufficientAnswer
         * @description Balance and allowance together do not suffice: nothing was spent.
         */
        InsufficientAnswer: {
            error: string;
            unit: string;
            balance: number;
            allowanceLeft: number;
        };
        /**
         * GrantCredits
         * @description How much to put into a wallet, and until when it can be spent.
         */
        GrantCredits: {
            /** @description the name of a unit such as ai_credits: a lower-case letter, then up to 31 lower-case letters, digits and underscores, and not the code of a currency */
            unit: string;
            /** @description a whole number from 1 to 9007199254740991 */
            amount: number;
            /** @description a text of 1 to 200 characters that names this one change in the project for ever */
            key: string;
            /** @description a moment in ISO 8601 with its offset such as 2027-01-31T00:00:00Z, or null */
            expiresAt?: string | null;
        };
        /**
         * Grant
         * @description Credits that were put into a wallet.
         */
        Grant: {
            id: string;
            customerId: string;
            unit: string;
            amount: number;
            key: string;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * GrantAnswer
         * @description The grant; the same answer for the same key, for ever.
         */
        GrantAnswer: {
            grant: components["schemas"]["Grant"];
        };
        /**
         * Entry
         * @description A line of the ledger: what moved into the balance, or out of it (a negative `change`).
         *
         *         `reasonId` is the grant or the spend, `sourceId` the key, reward or other source that it came with.
         */
        Entry: {
            kind: string;
            change: number;
            reasonId: string;
            sourceId: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * EntriesAnswer
         * @description A page of a wallet's lines, newest first.
         */
        EntriesAnswer: {
            entries: components["schemas"]["Entry"][];
        };
        /**
         * WalletSetting
         * @description The free allowance of a unit: what each customer may spend in a calendar month (UTC) before bonus credits are drawn.
         */
        WalletSetting: {
            unit: string;
            monthlyAllowance: number;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * WalletSettingsAnswer
         * @description The settings of every unit that has any.
         */
        WalletSettingsAnswer: {
            settings: components["schemas"]["WalletSetting"][];
        };
        /**
         * SetWalletSetting
         * @description A unit and its monthly free allowance, 0 for none.
         */
        SetWalletSetting: {
            /** @description the name of a unit such as ai_credits: a lower-case letter, then up to 31 lower-case letters, digits and underscores, and not the code of a currency */
            unit: string;
            /** @description a whole number from 0 to 9007199254740991 */
            monthlyAllowance: number;
        };
        /**
         * SubscriptionBreakdown
         * @description How many subscriptions there are in each status.
         */
        SubscriptionBreakdown: {
            active: number;
            trialing: number;
            past_due: number;
            canceled: number;
            unpaid: number;
            incomplete: number;
            paused: number;
        };
        /**
         * GrowthPoint
         * @description How many customers there were at the end of a day in UTC.
         */
        GrowthPoint: {
            /** Format: date */
            date: string;
            count: number;
        };
        /**
         * WebhookStats
         * @description Stripe events of the project since the beginning; `total` includes those still being worked on.
         */
        WebhookStats: {
            total: number;
            processed: number;
            failed: number;
        };
        /**
         * ReferralStats
         * @description Codes and referrals of the project since the beginning.
         */
        ReferralStats: {
            totalCodes: number;
            totalReferrals: number;
            converted: number;
        };
        /**
         * Analytics
         * @description A project's numbers: `mrr` in major units of its currency, `churnRate` in percent.
         */
        Analytics: {
            mrr: number;
            mrrByCurrency: {
                [key: string]: number;
            };
            customerCount: number;
            churnRate: number;
            subscriptionBreakdown: components["schemas"]["SubscriptionBreakdown"];
            customerGrowth: components["schemas"]["GrowthPoint"][];
            webhookStats: components["schemas"]["WebhookStats"];
            referralStats: components["schemas"]["ReferralStats"];
        };
        /**
         * Webhook
         * @description A webhook endpoint; its secret is never shown again.
         *
         *         `disabledReason` is `person`, `failing` (it took nothing for five days) or `gone` (it answered 410); `failingSince` is set
         *         from its first failure to its next success; until `previousSecretUntil` the secret before the last rotation signs too.
         */
        Webhook: {
            id: string;
            projectId: string;
            url: string;
            types: string[];
            description: string | null;
            enabled: boolean;
            disabledReason: string | null;
            disabledAt: string | null;
            failingSince: string | null;
            previousSecretUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * WebhooksAnswer
         * @description A project's webhooks, oldest first.
         */
        WebhooksAnswer: {
            webhooks: components["schemas"]["Webhook"][];
        };
        /**
         * CreateWebhook
         * @description A new webhook.
         */
        CreateWebhook: {
            /** @description an https address of at most 2048 ASCII characters, such as https://app.example.com/webhooks */
            url: string;
            /** @description a list of event types such as "payment.succeeded", or ["*"] for all */
            types?: ("*" | "customer.created" | "customer.updated" | "customer.deleted" | "subscription.created" | "subscription.updated" | "subscription.canceled" | "subscription.paused" | "subscription.resumed" | "payment.succeeded" | "payment.failed" | "payment.refunded" | "payment.disputed" | "referral.applied" | "referral.converted" | "referral.voided" | "reward.earned" | "reward.settled" | "reward.reversed" | "partner_application_submitted" | "partner_application_approved" | "partner_application_rejected" | "commission_created" | "commission_approved" | "commission_voided" | "payout_paid" | "payout_failed" | "deal_registered" | "deal_accepted" | "deal_declined" | "deal_won" | "webhook.disabled" | "test.ping")[];
            /** @description one line of at most 200 characters, or null */
            description?: string | null;
            /**
             * @description true or false
             * @default true
             */
            enabled?: boolean;
        };
        /**
         * WebhookSecretAnswer
         * @description The webhook with its signing secret, `whsec_…`, which is shown this once.
         */
        WebhookSecretAnswer: {
            webhook: components["schemas"]["Webhook"];
            secret: string;
        };
        /**
         * WebhookAnswer
         * @description The webhook.
         */
        WebhookAnswer: {
            webhook: components["schemas"]["Webhook"];
        };
        /**
         * UpdateWebhook
         * @description What to change.
         */
        UpdateWebhook: {
            /** @description an https address of at most 2048 ASCII characters, such as https://app.example.com/webhooks */
            url?: string;
            /** @description a list of event types such as "payment.succeeded", or ["*"] for all */
            types?: ("*" | "customer.created" | "customer.updated" | "customer.deleted" | "subscription.created" | "subscription.updated" | "subscription.canceled" | "subscription.paused" | "subscription.resumed" | "payment.succeeded" | "payment.failed" | "payment.refunded" | "payment.disputed" | "referral.applied" | "referral.converted" | "referral.voided" | "reward.earned" | "reward.settled" | "reward.reversed" | "partner_application_submitted" | "partner_application_approved" | "partner_application_rejected" | "commission_created" | "commission_approved" | "commission_voided" | "payout_paid" | "payout_failed" | "deal_registered" | "deal_accepted" | "deal_declined" | "deal_won" | "webhook.disabled" | "test.ping")[];
            /** @description one line of at most 200 characters, or null */
            description?: string | null;
            /** @description true or false */
            enabled?: boolean;
        };
        /**
         * Delivery
         * @description An event on its way to a webhook: `waiting`, `delivered` or `failed` (given up after all its tries).
         *
         *         `attempts` counts since it was last sent anew; `objectId` is what the event is about.
         */
        Delivery: {
            id: string;
            webhookId: string;
            eventId: string;
            type: string;
            objectId: string;
            status: string;
            attempts: number;
            lastTriedAt: string | null;
            lastStatus: number | null;
            lastError: string | null;
            nextTryAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * DeliveriesAnswer
         * @description A page of deliveries, newest first.
         */
        DeliveriesAnswer: {
            deliveries: components["schemas"]["Delivery"][];
        };
        /**
         * Attempt
         * @description One try: the status of the answer, or an error instead, and the answer's first 1,024 bytes.
         */
        Attempt: {
            /** Format: date-time */
            triedAt: string;
            status: number | null;
            latencyMs: number;
            answer: string | null;
            error: string | null;
        };
        /**
         * DeliveryDetailAnswer
         * @description The delivery with its latest hundred tries, newest first.
         */
        DeliveryDetailAnswer: {
            delivery: components["schemas"]["Delivery"];
            attempts: components["schemas"]["Attempt"][];
        };
        /**
         * DeliveryAnswer
         * @description The delivery.
         */
        DeliveryAnswer: {
            delivery: components["schemas"]["Delivery"];
        };
        /**
         * ResendWebhook
         * @description A stretch of time: `from` is part of it, `to` is not.
         */
        ResendWebhook: {
            /**
             * Format: date-time
             * @description a moment in ISO 8601 with its offset such as 2027-01-31T00:00:00Z
             */
            from: string;
            /**
             * Format: date-time
             * @description a moment in ISO 8601 with its offset such as 2027-01-31T00:00:00Z
             */
            to: string;
            /**
             * @description true to send again also what was delivered, false for what was given up only
             * @default false
             */
            withDelivered?: boolean;
        };
        /**
         * ResentAnswer
         * @description How many deliveries go out again; `hasMore` says that the window holds more than one request sends again.
         */
        ResentAnswer: {
            resent: number;
            hasMore: boolean;
        };
        /**
         * TestWebhook
         * @description Which event to pretend.
         */
        TestWebhook: {
            /**
             * @description an event type such as payment.succeeded
             * @default test.ping
             * @enum {string}
             */
            type?: "customer.created" | "customer.updated" | "customer.deleted" | "subscription.created" | "subscription.updated" | "subscription.canceled" | "subscription.paused" | "subscription.resumed" | "payment.succeeded" | "payment.failed" | "payment.refunded" | "payment.disputed" | "referral.applied" | "referral.converted" | "referral.voided" | "reward.earned" | "reward.settled" | "reward.reversed" | "partner_application_submitted" | "partner_application_approved" | "partner_application_rejected" | "commission_created" | "commission_approved" | "commission_voided" | "payout_paid" | "payout_failed" | "deal_registered" | "deal_accepted" | "deal_declined" | "deal_won" | "webhook.disabled" | "test.ping";
        };
        /**
         * Event
         * @description Something that happened; `event` repeats `type`, `test` says that it only stands for something that did not happen.
         */
        Event: {
            id: string;
            type: string;
            event: string;
            /** Format: date-time */
            timestamp: string;
            test: boolean;
            data: Record<string, never>;
        };
        /**
         * EventsAnswer
         * @description Events in their order; `cursor` goes into the next request's `after`, `hasMore` says that it has events already.
         */
        EventsAnswer: {
            events: components["schemas"]["Event"][];
            cursor: string;
            hasMore: boolean;
        };
        /**
         * TriggerEvent
         * @description Of which type a test event is wanted.
         */
        TriggerEvent: {
            /**
             * @description a type of the catalogue, such as test.ping
             * @default test.ping
             */
            type?: string;
        };
        /**
         * Branding
         * @description A project's look; null is what nobody chose: then the project's own name, no logo, Billfold's own colour.
         */
        Branding: {
            projectId: string;
            name: string | null;
            accentColor: string | null;
            supportEmail: string | null;
            returnUrl: string | null;
            logoUrl: string | null;
            updatedAt: string | null;
        };
        /**
         * BrandingAnswer
         * @description The branding.
         */
        BrandingAnswer: {
            branding: components["schemas"]["Branding"];
        };
        /**
         * SetBranding
         * @description The whole look: of what may be left out, what is or is null is cleared, but a logo that is left out stays.
         */
        SetBranding: {
            /** @description a text of 1 to 80 characters, or null for the project's own name */
            name: string | null;
            /** @description a colour such as #a3441c */
            accentColor?: string | null;
            /** @description an e-mail address such as help@example.com */
            supportEmail?: string | null;
            /** @description an absolute http or https address such as https://app.example.com/ */
            returnUrl?: string | null;
            /** @description a PNG, JPEG or WebP image of at most 64 KiB in base64, or null */
            logo?: string | null;
        };
        /**
         * IdentityProvider
         * @description A login of a project; `hasSecret` tells that a shared secret is stored, which is never shown.
         */
        IdentityProvider: {
            id: string;
            projectId: string;
            issuer: string;
            audiences: string[];
            kind: string;
            algorithms: string[];
            jwksUrl: string | null;
            jwks: Record<string, never> | null;
            hasSecret: boolean;
            leewaySeconds: number;
            provesEmails: boolean;
            isActive: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * IdentityProvidersAnswer
         * @description A project's logins, by issuer.
         */
        IdentityProvidersAnswer: {
            identityProviders: components["schemas"]["IdentityProvider"][];
        };
        /**
         * PutIdentityProvider
         * @description A login, whole: what is left out has its default, but a secret that is left out stays.
         */
        PutIdentityProvider: {
            /** @description the exact iss of the tokens, 1 to 500 characters */
            issuer: string;
            /** @description a list of 1 to 20 values of aud */
            audiences: string[];
            /**
             * @description "jwks_url", "jwks" or "secret"
             * @enum {string}
             */
            kind: "jwks_url" | "jwks" | "secret";
            /** @description a list of RS256, ES256 and EdDSA, or HS256 for a secret; empty means all of the kind */
            algorithms?: ("RS256" | "ES256" | "EdDSA" | "HS256")[];
            /** @description the https address of the login's JWK Set, for the kind jwks_url */
            jwksUrl?: string | null;
            /** @description a JWK Set, {"keys": […]} with public keys only, for the kind jwks */
            jwks?: {
                [key: string]: unknown;
            } | null;
            /** @description the shared secret, at least 32 bytes, for the kind secret */
            secret?: string | null;
            /**
             * @description how many seconds clocks may differ, from 0 to 300
             * @default 0
             */
            leewaySeconds?: number;
            /**
             * @description true if this login proves every address before it issues tokens: then a token without email_verified counts as proved
             * @default false
             */
            provesEmails?: boolean;
            /**
             * @description whether tokens of this login are taken
             * @default true
             */
            isActive?: boolean;
        };
        /**
         * IdentityProviderAnswer
         * @description The login.
         */
        IdentityProviderAnswer: {
            identityProvider: components["schemas"]["IdentityProvider"];
        };
        /**
         * Team
         * @description A team, and what the caller is in it: `viewer`, `member`, `admin` or `owner`.
         */
        Team: {
            id: string;
            name: string;
            role: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * TeamsAnswer
         * @description The caller's teams, oldest first.
         */
        TeamsAnswer: {
            teams: components["schemas"]["Team"][];
        };
        /**
         * CreateTeam
         * @description A new team.
         */
        CreateTeam: {
            /** @description a text of 1 to 200 characters on one line */
            name: string;
        };
        /**
         * TeamAnswer
         * @description The team.
         */
        TeamAnswer: {
            team: components["schemas"]["Team"];
        };
        /**
         * UpdateTeam
         * @description What to change.
         */
        UpdateTeam: {
            /** @description a text of 1 to 200 characters on one line */
            name: string;
        };
        /**
         * Project
         * @description A project; its MRR is told in `currency`.
         */
        Project: {
            id: string;
            name: string;
            currency: string;
            teamId: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * ProjectsAnswer
         * @description The team's projects, oldest first.
         */
        ProjectsAnswer: {
            projects: components["schemas"]["Project"][];
        };
        /**
         * CreateProject
         * @description A new project; `currency` cannot be changed later.
         */
        CreateProject: {
            /** @description a text of 1 to 200 characters on one line */
            name: string;
            /**
             * @description the lower-case three-letter code of a currency that Stripe supports, such as usd
             * @default usd
             * @enum {string}
             */
            currency?: "aed" | "afn" | "all" | "amd" | "ang" | "aoa" | "ars" | "aud" | "awg" | "azn" | "bam" | "bbd" | "bdt" | "bgn" | "bhd" | "bif" | "bmd" | "bnd" | "bob" | "brl" | "bsd" | "bwp" | "byn" | "bzd" | "cad" | "cdf" | "chf" | "clp" | "cny" | "cop" | "crc" | "cve" | "czk" | "djf" | "dkk" | "dop" | "dzd" | "egp" | "etb" | "eur" | "fjd" | "fkp" | "gbp" | "gel" | "gip" | "gmd" | "gnf" | "gtq" | "gyd" | "hkd" | "hnl" | "htg" | "huf" | "idr" | "ils" | "inr" | "isk" | "jmd" | "jod" | "jpy" | "kes" | "kgs" | "khr" | "kmf" | "krw" | "kwd" | "kyd" | "kzt" | "lak" | "lbp" | "lkr" | "lrd" | "lsl" | "mad" | "mdl" | "mga" | "mkd" | "mmk" | "mnt" | "mop" | "mur" | "mvr" | "mwk" | "mxn" | "myr" | "mzn" | "nad" | "ngn" | "nio" | "nok" | "npr" | "nzd" | "omr" | "pab" | "pen" | "pgk" | "php" | "pkr" | "pln" | "pyg" | "qar" | "ron" | "rsd" | "rub" | "rwf" | "sar" | "sbd" | "scr" | "sek" | "sgd" | "shp" | "sle" | "sos" | "srd" | "std" | "szl" | "thb" | "tjs" | "tnd" | "top" | "try" | "ttd" | "twd" | "tzs" | "uah" | "ugx" | "usd" | "uyu" | "uzs" | "vnd" | "vuv" | "wst" | "xaf" | "xcd" | "xof" | "xpf" | "yer" | "zar" | "zmw";
        };
        /**
         * ProjectAnswer
         * @description The project.
         */
        ProjectAnswer: {
            project: components["schemas"]["Project"];
        };
        /**
         * UpdateProject
         * @description What to change.
         */
        UpdateProject: {
            /** @description a text of 1 to 200 characters on one line */
            name: string;
        };
        /**
         * Member
         * @description A person in the team; `userId` is `user_…`.
         */
        Member: {
            userId: string;
            email: string;
            role: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * MembersAnswer
         * @description The team's members, in the order in which they came.
         */
        MembersAnswer: {
            members: components["schemas"]["Member"][];
        };
        /**
         * UpdateMember
         * @description What the member shall be.
         */
        UpdateMember: {
            /**
             * @description viewer, member, admin or owner
             * @enum {string}
             */
            role: "viewer" | "member" | "admin" | "owner";
        };
        /**
         * MemberAnswer
         * @description The member.
         */
        MemberAnswer: {
            member: components["schemas"]["Member"];
        };
        /**
         * Invitation
         * @description An invitation that waits for an answer; it can be accepted until `expiresAt`.
         */
        Invitation: {
            id: string;
            email: string;
            role: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * InvitationsAnswer
         * @description The invitations that wait for an answer, by address; expired ones too, until they are revoked or sent again.
         */
        InvitationsAnswer: {
            invitations: components["schemas"]["Invitation"][];
        };
        /**
         * CreateInvitation
         * @description Whom to ask, and as what.
         */
        CreateInvitation: {
            /** @description an e-mail address such as jane@example.com */
            email: string;
            /**
             * @description viewer, member, admin or owner
             * @enum {string}
             */
            role: "viewer" | "member" | "admin" | "owner";
        };
        /**
         * InvitationAnswer
         * @description The invitation; its link is in the mail only.
         */
        InvitationAnswer: {
            invitation: components["schemas"]["Invitation"];
        };
        /**
         * AcceptInvitation
         * @description The end of the link in the mail.
         */
        AcceptInvitation: {
            /** @description the last part of the link in the mail */
            token: string;
        };
        /**
         * Accepted
         * @description The team that the caller is in now, and as what.
         */
        Accepted: {
            teamId: string;
            role: string;
        };
        /**
         * AcceptedAnswer
         * @description The new membership.
         */
        AcceptedAnswer: {
            membership: components["schemas"]["Accepted"];
        };
        /**
         * ApiKey
         * @description A key as it is listed: never the key itself. `lastUsedAt` is true to the minute.
         */
        ApiKey: {
            id: string;
            name: string;
            prefix: string;
            projectId: string | null;
            scopes: string[];
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            lastUsedAt: string | null;
        };
        /**
         * ApiKeysAnswer
         * @description The keys that are not revoked, newest first; expired ones too.
         */
        ApiKeysAnswer: {
            keys: components["schemas"]["ApiKey"][];
        };
        /**
         * CreateApiKey
         * @description What the key shall be called and may do.
         */
        CreateApiKey: {
            /** @description a text of 1 to 200 characters on one line */
            name: string;
            /** @description the id of a project, `proj_…`, or null for all projects */
            projectId?: string | null;
            /** @description a list of scopes, none for full access: customers:read, customers:write, products:read, products:write, subscriptions:read, subscriptions:write, referrals:read, referrals:write, analytics:read, wallets:read, wallets:write, webhooks:read, webhooks:write */
            scopes?: ("customers:read" | "customers:write" | "products:read" | "products:write" | "subscriptions:read" | "subscriptions:write" | "referrals:read" | "referrals:write" | "analytics:read" | "wallets:read" | "wallets:write" | "webhooks:read" | "webhooks:write")[] | null;
            /**
             * Format: date-time
             * @description a moment in the future such as 2027-01-31T00:00:00Z, or null
             */
            expiresAt?: string | null;
        };
        /**
         * CreatedKey
         * @description A new key; no `projectId`: for every project of the team, no `scopes`: for everything.
         */
        CreatedKey: {
            id: string;
            name: string;
            prefix: string;
            projectId: string | null;
            scopes: string[];
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * CreatedKeyAnswer
         * @description The key; `rawKey` is told this once only.
         */
        CreatedKeyAnswer: {
            key: components["schemas"]["CreatedKey"];
            rawKey: string;
        };
        /**
         * ConnectStripe
         * @description The keys of a Stripe account. They are tried before they are stored, sealed, and never told again.
         */
        ConnectStripe: {
            /** @description a secret or restricted key, sk_test_… or sk_live_… */
            secretKey: string;
            /** @description the signing secret of the webhook endpoint, whsec_…; a placeholder will do at first */
            webhookSecret: string;
            /** @description the publishable key of the same mode, pk_test_… or pk_live_…, or null */
            publishableKey?: string | null;
        };
        /**
         * ConnectedAnswer
         * @description The account is connected.
         */
        ConnectedAnswer: {
            success: boolean;
            webhookUrl: string;
            syncStatus: string;
        };
        /**
         * SimulatedAnswer
         * @description The team's account in the box is connected; its key is told this once only.
         */
        SimulatedAnswer: {
            success: boolean;
            webhookUrl: string;
            syncStatus: string;
            simulatorSecretKey: string;
        };
        /**
         * Line
         * @description How far the import is with one kind of object; `expected` is what a complete import before found.
         */
        Line: {
            synced: number;
            assigned: number;
            unreadable: number;
            expected: number | null;
            finished: boolean;
        };
        /**
         * Backfill
         * @description The latest import: `running`, `finished`, `stopped` or `failed`.
         */
        Backfill: {
            status: string;
            objects: {
                [key: string]: components["schemas"]["Line"];
            };
            createdAfter: string | null;
            /** Format: date-time */
            startedAt: string;
            finishedAt: string | null;
            lastError: string | null;
        };
        /**
         * StatusAnswer
         * @description How the team stands with Stripe; `syncStatus` is `pending`, `syncing`, `ready` or `error`.
         */
        StatusAnswer: {
            connected: boolean;
            isActive: boolean;
            syncStatus: string;
            schemaExists: boolean;
            accountName: string | null;
            keyValid: boolean;
            backfill: components["schemas"]["Backfill"] | null;
        };
        /**
         * WebhookUrlAnswer
         * @description Where Stripe's events go.
         */
        WebhookUrlAnswer: {
            webhookUrl: string;
            instructions: string;
        };
        /**
         * StartBackfill
         * @description Which objects to import, everything if nothing is sent.
         */
        StartBackfill: {
            /** @description a list of product, price, customer, subscription, invoice, charge, or null for all */
            objects?: ("product" | "price" | "customer" | "subscription" | "invoice" | "charge")[] | null;
            /**
             * Format: date-time
             * @description a moment such as 2026-01-31T00:00:00Z: only what Stripe made since then, or null for all
             */
            createdAfter?: string | null;
        };
        /**
         * Synced
         * @description How many objects were read.
         */
        Synced: {
            synced: number;
        };
        /**
         * BackfillAnswer
         * @description The import has begun, is already done, or was stopped; `result` counts what was read so far.
         */
        BackfillAnswer: {
            success: boolean;
            message: string;
            syncStatus: string;
            result: {
                [key: string]: components["schemas"]["Synced"];
            };
        };
        /**
         * Unassigned
         * @description An object of the Stripe account that is in no project, as an import last read it.
         */
        Unassigned: {
            id: string;
            type: string;
            name: string | null;
            email: string | null;
            status: string | null;
            stripeCustomerId: string | null;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            fetchedAt: string;
        };
        /**
         * UnassignedAnswer
         * @description A page of what is in no project, newest first, and how much there is of each kind.
         */
        UnassignedAnswer: {
            objects: components["schemas"]["Unassigned"][];
            counts: {
                [key: string]: number;
            };
        };
        /**
         * AssignStripe
         * @description What goes into which project; exactly one of the two Stripe ids.
         */
        AssignStripe: {
            /** @description the id of a project of the team, `proj_…` */
            projectId: string;
            /** @description a Stripe customer's id, `cus_…` */
            stripeCustomerId?: string | null;
            /** @description a Stripe product's id, `prod_…` */
            stripeProductId?: string | null;
        };
        /**
         * Imported
         * @description How many objects came in with it.
         */
        Imported: {
            subscriptions: number;
            invoices: number;
            charges: number;
            prices: number;
        };
        /**
         * AssignedAnswer
         * @description The customer or the product as it is in the project, and what came in with it.
         */
        AssignedAnswer: {
            customer: components["schemas"]["Customer"] | null;
            product: components["schemas"]["Product"] | null;
            imported: components["schemas"]["Imported"];
        };
        /**
         * Difference
         * @description A field of an object that is one thing here and another in Stripe; `field` is `object` if one side lacks it whole.
         */
        Difference: {
            type: string;
            stripeId: string;
            field: string;
            ours: string | null;
            theirs: string | null;
        };
        /**
         * Report
         * @description A comparison: `running`, `finished` or `failed`. `differences` holds the first 500 of `differenceCount`.
         */
        Report: {
            status: string;
            sample: number | null;
            compared: {
                [key: string]: number;
            };
            differenceCount: number;
            differences: components["schemas"]["Difference"][];
            /** Format: date-time */
            startedAt: string;
            finishedAt: string | null;
            lastError: string | null;
        };
        /**
         * ReportAnswer
         * @description The latest comparison, null if there never was one.
         */
        ReportAnswer: {
            report: components["schemas"]["Report"] | null;
        };
        /**
         * CompareStripe
         * @description How much to compare.
         */
        CompareStripe: {
            /**
             * @description a whole number from 1 to 10000: so many rows of each kind, or null for all
             * @default 100
             */
            sample?: number | null;
        };
        /**
         * Actor
         * @description Who it was: a `member` (`user_…`), a `key` (`key_…`), a `customer` (`pc_…`) at a page of his own, or the `system`.
         *
         *         `name` is what he or it was called then; of a customer it tells nothing but a partner's code.
         */
        Actor: {
            kind: string;
            id: string | null;
            name: string;
        };
        /**
         * AuditEntry
         * @description One thing that was done; `subject` is the id of what it was done to, `address` where the request came from.
         */
        AuditEntry: {
            id: number;
            actor: components["schemas"]["Actor"];
            action: string;
            subject: string | null;
            projectId: string | null;
            details: Record<string, never>;
            address: string | null;
            /** Format: date-time */
            at: string;
        };
        /**
         * AuditLogAnswer
         * @description A page of entries, newest first.
         */
        AuditLogAnswer: {
            entries: components["schemas"]["AuditEntry"][];
        };
        /** Error */
        Error: {
            /** @description What is wrong, and what to do. */
            error: string;
        };
    };
    responses: {
        /** @description Something that was sent is not valid, or Stripe refused it; the message says what. */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no API key and no session, or it is unknown, revoked or expired; or a key where only a session counts. */
        Error401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The API key is another team's, is limited to another project, or lacks the scope; or the person is not in the team, or his role does not reach. */
        Error403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It does not exist, or belongs to another project. */
        Error404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The address does not answer to that method. */
        Error405: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The request took too long to arrive. */
        Error408: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It clashes with what is already stored, or the Idempotency-Key was used for another request. */
        Error409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description What was asked for is not kept any more; the message says how to go on. */
        Error410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is larger than 1 MiB. */
        Error413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The address is longer than 16 KiB. */
        Error414: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The body is compressed. */
        Error415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many requests with a wrong API key, or waiting for events; wait for the seconds in Retry-After. */
        Error429: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The headers are longer than 64 KiB. */
        Error431: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Something went wrong on our side. */
        Error500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Stripe or the database does not answer; try again after the seconds in Retry-After. */
        Error503: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_customers: {
        parameters: {
            query?: {
                /**
                 * @description How many rows at most; more than 100 are never given.
                 * @example 1
                 */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of customers, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customers": [
                     *         {
                     *           "id": "pc_veb7010e",
                     *           "email": "finch@example.com",
                     *           "name": null,
                     *           "stripeCustomerId": "cus_kEqMN8cl",
                     *           "metadata": {},
                     *           "projectId": "proj_8e1xq30m",
                     *           "createdAt": "2026-11-20T07:19:40Z",
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CustomersAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_customer: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "wren@example.com",
                 *       "name": "Wren",
                 *       "metadata": {
                 *         "plan": "team"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CreateCustomer"];
            };
        };
        responses: {
            /** @description The customer; `attribution` if something was passed on about who brought them. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customer": {
                     *         "id": "pc_zpkxj5vy",
                     *         "email": "wren@example.com",
                     *         "name": "Wren",
                     *         "stripeCustomerId": "cus_Nrek2LxE",
                     *         "metadata": {
                     *           "plan": "team"
                     *         },
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedCustomerAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_zpkxj5vy
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customer": {
                     *         "id": "pc_zpkxj5vy",
                     *         "email": "wren@example.com",
                     *         "name": "Wren",
                     *         "stripeCustomerId": "cus_Nrek2LxE",
                     *         "metadata": {
                     *           "plan": "solo",
                     *           "seats": 3
                     *         },
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_veb7010e
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_zpkxj5vy
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "metadata": {
                 *         "plan": "solo",
                 *         "seats": 3
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["UpdateCustomer"];
            };
        };
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customer": {
                     *         "id": "pc_zpkxj5vy",
                     *         "email": "wren@example.com",
                     *         "name": "Wren",
                     *         "stripeCustomerId": "cus_Nrek2LxE",
                     *         "metadata": {
                     *           "plan": "solo",
                     *           "seats": 3
                     *         },
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_products: {
        parameters: {
            query?: {
                /** @description Leave archived products out. */
                activeOnly?: boolean;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "products": [
                     *         {
                     *           "id": "pp_b2qtvyve",
                     *           "name": "Pro",
                     *           "description": "For teams",
                     *           "isActive": true,
                     *           "stripeProductId": "prod_GCWwZ3O8",
                     *           "metadata": {},
                     *           "projectId": "proj_8e1xq30m",
                     *           "createdAt": "2026-11-20T07:19:40Z",
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProductsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_product: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pro",
                 *       "description": "For teams"
                 *     }
                 */
                "application/json": components["schemas"]["CreateProduct"];
            };
        };
        responses: {
            /** @description The product. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "product": {
                     *         "id": "pp_b2qtvyve",
                     *         "name": "Pro",
                     *         "description": "For teams",
                     *         "isActive": true,
                     *         "stripeProductId": "prod_GCWwZ3O8",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProductAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The product, `pp_…`.
                 * @example pp_b2qtvyve
                 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "product": {
                     *         "id": "pp_b2qtvyve",
                     *         "name": "Pro",
                     *         "description": "For teams",
                     *         "isActive": true,
                     *         "stripeProductId": "prod_GCWwZ3O8",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProductAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    archive_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The product, `pp_…`.
                 * @example pp_nfk7zgnv
                 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The product, `pp_…`.
                 * @example pp_b2qtvyve
                 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "For teams of any size"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateProduct"];
            };
        };
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "product": {
                     *         "id": "pp_b2qtvyve",
                     *         "name": "Pro",
                     *         "description": "For teams of any size",
                     *         "isActive": true,
                     *         "stripeProductId": "prod_GCWwZ3O8",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProductAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_prices: {
        parameters: {
            query?: {
                /** @description Leave archived prices out. */
                activeOnly?: boolean;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The product, `pp_…`.
                 * @example pp_b2qtvyve
                 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of prices, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "prices": [
                     *         {
                     *           "id": "pri_2dy9nw2w",
                     *           "productId": "pp_b2qtvyve",
                     *           "unitAmount": 2900,
                     *           "currency": "usd",
                     *           "type": "recurring",
                     *           "interval": "month",
                     *           "intervalCount": 1,
                     *           "nickname": "Monthly",
                     *           "isActive": true,
                     *           "stripePriceId": "price_t50qy0qu",
                     *           "metadata": {},
                     *           "projectId": "proj_8e1xq30m",
                     *           "createdAt": "2026-11-20T07:19:40Z",
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PricesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_price: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The product, `pp_…`.
                 * @example pp_b2qtvyve
                 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "unitAmount": 2900,
                 *       "interval": "month",
                 *       "nickname": "Monthly"
                 *     }
                 */
                "application/json": components["schemas"]["CreatePrice"];
            };
        };
        responses: {
            /** @description The price. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "price": {
                     *         "id": "pri_2dy9nw2w",
                     *         "productId": "pp_b2qtvyve",
                     *         "unitAmount": 2900,
                     *         "currency": "usd",
                     *         "type": "recurring",
                     *         "interval": "month",
                     *         "intervalCount": 1,
                     *         "nickname": "Monthly",
                     *         "isActive": true,
                     *         "stripePriceId": "price_t50qy0qu",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PriceAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_price: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The price, `pri_…`.
                 * @example pri_2dy9nw2w
                 */
                priceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The price. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "price": {
                     *         "id": "pri_2dy9nw2w",
                     *         "productId": "pp_b2qtvyve",
                     *         "unitAmount": 2900,
                     *         "currency": "usd",
                     *         "type": "recurring",
                     *         "interval": "month",
                     *         "intervalCount": 1,
                     *         "nickname": "Monthly",
                     *         "isActive": true,
                     *         "stripePriceId": "price_t50qy0qu",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PriceAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_price: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The price, `pri_…`.
                 * @example pri_2dy9nw2w
                 */
                priceId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "nickname": "Pro, monthly"
                 *     }
                 */
                "application/json": components["schemas"]["UpdatePrice"];
            };
        };
        responses: {
            /** @description The price. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "price": {
                     *         "id": "pri_2dy9nw2w",
                     *         "productId": "pp_b2qtvyve",
                     *         "unitAmount": 2900,
                     *         "currency": "usd",
                     *         "type": "recurring",
                     *         "interval": "month",
                     *         "intervalCount": 1,
                     *         "nickname": "Pro, monthly",
                     *         "isActive": true,
                     *         "stripePriceId": "price_t50qy0qu",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PriceAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_checkout: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customerId": "pc_zpkxj5vy",
                 *       "priceId": "pri_2dy9nw2w",
                 *       "successUrl": "https://app.example.com/welcome?session={CHECKOUT_SESSION_ID}",
                 *       "cancelUrl": "https://app.example.com/prices"
                 *     }
                 */
                "application/json": components["schemas"]["OpenCheckout"];
            };
        };
        responses: {
            /** @description The Checkout Session; send the customer to `url`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessionId": "cs_test_MtOtlzDr",
                     *       "url": "http://127.0.0.1:8000/simulator/team_8e1xq2vk/checkout/cs_test_MtOtlzDr"
                     *     }
                     */
                    "application/json": components["schemas"]["CheckoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_subscriptions: {
        parameters: {
            query?: {
                /** @description Only the statuses `active` and `trialing`. */
                activeOnly?: boolean;
                /**
                 * @description Only this customer's, `pc_…`.
                 * @example pc_zpkxj5vy
                 */
                customerId?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of subscriptions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "subscriptions": [
                     *         {
                     *           "id": "ps_h599vr61",
                     *           "customerId": "pc_zpkxj5vy",
                     *           "stripeSubscriptionId": "sub_z617albA",
                     *           "status": "active",
                     *           "priceId": "pri_2dy9nw2w",
                     *           "quantity": 1,
                     *           "cancelAtPeriodEnd": false,
                     *           "currentPeriodStart": "2026-11-20T07:19:40Z",
                     *           "currentPeriodEnd": "2026-12-20T07:19:40Z",
                     *           "metadata": {},
                     *           "projectId": "proj_8e1xq30m",
                     *           "createdAt": "2026-11-20T07:19:40Z",
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SubscriptionsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The subscription, `ps_…`.
                 * @example ps_h599vr61
                 */
                subscriptionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "subscription": {
                     *         "id": "ps_h599vr61",
                     *         "customerId": "pc_zpkxj5vy",
                     *         "stripeSubscriptionId": "sub_z617albA",
                     *         "status": "active",
                     *         "priceId": "pri_2dy9nw2w",
                     *         "quantity": 1,
                     *         "cancelAtPeriodEnd": false,
                     *         "currentPeriodStart": "2026-11-20T07:19:40Z",
                     *         "currentPeriodEnd": "2026-12-20T07:19:40Z",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SubscriptionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    cancel_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The subscription, `ps_…`.
                 * @example ps_h599vr61
                 */
                subscriptionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "subscription": {
                     *         "id": "ps_h599vr61",
                     *         "customerId": "pc_zpkxj5vy",
                     *         "stripeSubscriptionId": "sub_z617albA",
                     *         "status": "canceled",
                     *         "priceId": "pri_2dy9nw2w",
                     *         "quantity": 1,
                     *         "cancelAtPeriodEnd": false,
                     *         "currentPeriodStart": "2026-11-20T09:31:28Z",
                     *         "currentPeriodEnd": "2026-12-20T09:31:28Z",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T09:31:28Z",
                     *         "updatedAt": "2026-11-20T09:31:29Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SubscriptionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_subscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The subscription, `ps_…`.
                 * @example ps_h599vr61
                 */
                subscriptionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "cancelAtPeriodEnd": true
                 *     }
                 */
                "application/json": components["schemas"]["UpdateSubscription"];
            };
        };
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "subscription": {
                     *         "id": "ps_h599vr61",
                     *         "customerId": "pc_zpkxj5vy",
                     *         "stripeSubscriptionId": "sub_z617albA",
                     *         "status": "active",
                     *         "priceId": "pri_2dy9nw2w",
                     *         "quantity": 1,
                     *         "cancelAtPeriodEnd": true,
                     *         "currentPeriodStart": "2026-11-20T07:19:40Z",
                     *         "currentPeriodEnd": "2026-12-20T07:19:40Z",
                     *         "metadata": {},
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "updatedAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SubscriptionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_portal_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customerId": "pc_zpkxj5vy",
                 *       "returnUrl": "https://app.example.com/account"
                 *     }
                 */
                "application/json": components["schemas"]["OpenPortal"];
            };
        };
        responses: {
            /** @description The session; send the customer to `portalUrl`. The token is told only here. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sessionId": "portal_sess_8e1xq7aa",
                     *       "token": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                     *       "portalUrl": "http://127.0.0.1:8000/portal/0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                     *       "expiresAt": "2026-11-20T08:19:40Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PortalAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    apply_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "K7M4XW2P",
                 *       "refereeCustomerId": "pc_0gv6ajnt"
                 *     }
                 */
                "application/json": components["schemas"]["ApplyCode"];
            };
        };
        responses: {
            /** @description The referral. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "referral": {
                     *         "id": "ref_98w0vkm6",
                     *         "code": "K7M4XW2P",
                     *         "referrerCustomerId": "pc_zpkxj5vy",
                     *         "refereeCustomerId": "pc_0gv6ajnt",
                     *         "status": "pending",
                     *         "createdAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_referral_config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "config": {
                     *         "enabled": true,
                     *         "referrerCreditAmount": 1000,
                     *         "refereeCreditAmount": 500,
                     *         "currency": "usd",
                     *         "projectId": "proj_8e1xq30m"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralConfigAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    put_referral_config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": true,
                 *       "referrerCreditAmount": 1000,
                 *       "refereeCreditAmount": 500,
                 *       "currency": "usd"
                 *     }
                 */
                "application/json": components["schemas"]["PutReferralConfig"];
            };
        };
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "config": {
                     *         "enabled": true,
                     *         "referrerCreditAmount": 1000,
                     *         "refereeCreditAmount": 500,
                     *         "currency": "usd",
                     *         "projectId": "proj_8e1xq30m"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralConfigAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_codes: {
        parameters: {
            query?: {
                /** @description Leave deactivated codes out. */
                activeOnly?: boolean;
                /**
                 * @description Only this customer's, `pc_…`.
                 * @example pc_zpkxj5vy
                 */
                customerId?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of codes, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "codes": [
                     *         {
                     *           "code": "K7M4XW2P",
                     *           "customerId": "pc_zpkxj5vy",
                     *           "projectId": "proj_8e1xq30m",
                     *           "isActive": true,
                     *           "createdAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CodesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customerId": "pc_zpkxj5vy"
                 *     }
                 */
                "application/json": components["schemas"]["CreateCode"];
            };
        };
        responses: {
            /** @description The code. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeAnswer"];
                };
            };
            /** @description The code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": {
                     *         "code": "K7M4XW2P",
                     *         "customerId": "pc_zpkxj5vy",
                     *         "projectId": "proj_8e1xq30m",
                     *         "isActive": true,
                     *         "createdAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CodeAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_code: {
        parameters: {
            query?: {
                /** @description How many referrals at most, up to 100; without it, the newest 1000. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The referral code, eight characters, in upper or lower case.
                 * @example K7M4XW2P
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code with its history. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": {
                     *         "code": "K7M4XW2P",
                     *         "customerId": "pc_zpkxj5vy",
                     *         "projectId": "proj_8e1xq30m",
                     *         "isActive": true,
                     *         "createdAt": "2026-11-20T07:19:40Z",
                     *         "referrals": [
                     *           {
                     *             "id": "ref_98w0vkm6",
                     *             "code": "K7M4XW2P",
                     *             "referrerCustomerId": "pc_zpkxj5vy",
                     *             "refereeCustomerId": "pc_0gv6ajnt",
                     *             "status": "converted",
                     *             "createdAt": "2026-11-20T07:19:40Z",
                     *             "convertedAt": "2026-11-20T07:19:40Z",
                     *             "credits": [
                     *               {
                     *                 "customerId": "pc_zpkxj5vy",
                     *                 "amount": 1000,
                     *                 "currency": "usd",
                     *                 "status": "settled",
                     *                 "failureReason": null
                     *               },
                     *               {
                     *                 "customerId": "pc_0gv6ajnt",
                     *                 "amount": 500,
                     *                 "currency": "usd",
                     *                 "status": "settled",
                     *                 "failureReason": null
                     *               }
                     *             ]
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CodeHistoryAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    deactivate_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The referral code, eight characters, in upper or lower case.
                 * @example K7M4XW2P
                 */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    void_referral: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The referral, `ref_…`.
                 * @example ref_98w0vkm6
                 */
                referralId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "mistake",
                 *       "note": "The wrong code was given."
                 *     }
                 */
                "application/json": components["schemas"]["VoidReferral"];
            };
        };
        responses: {
            /** @description The referral. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "referral": {
                     *         "id": "ref_98w0vkm6",
                     *         "code": "K7M4XW2P",
                     *         "referrerCustomerId": "pc_zpkxj5vy",
                     *         "refereeCustomerId": "pc_0gv6ajnt",
                     *         "status": "void",
                     *         "createdAt": "2026-11-20T13:57:07Z",
                     *         "voidReason": "mistake",
                     *         "voidNote": "The wrong code was given.",
                     *         "voidedBy": "init"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JudgedReferralAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    restore_referral: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The referral, `ref_…`.
                 * @example ref_98w0vkm6
                 */
                referralId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The referral. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "referral": {
                     *         "id": "ref_98w0vkm6",
                     *         "code": "K7M4XW2P",
                     *         "referrerCustomerId": "pc_zpkxj5vy",
                     *         "refereeCustomerId": "pc_0gv6ajnt",
                     *         "status": "converted",
                     *         "createdAt": "2026-11-20T13:57:07Z",
                     *         "voidReason": null,
                     *         "voidNote": null,
                     *         "voidedBy": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JudgedReferralAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    explain_referrals: {
        parameters: {
            query?: {
                /**
                 * @description A customer, pc_…: all of his payments. Send one of the three.
                 * @example pc_zpkxj5vy
                 */
                customer?: string;
                /** @description An invoice, inv_…, or a payment, pay_…. */
                payment?: string;
                /** @description A reward or commission, rew_…. */
                reward?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The explanation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "explanation": {
                     *         "customerId": "pc_zpkxj5vy",
                     *         "signedUpAt": "2026-11-20T13:04:39Z",
                     *         "firstPaidAt": "2026-11-20T13:04:40Z",
                     *         "lockedAt": null,
                     *         "referrals": [],
                     *         "programs": [],
                     *         "payments": [
                     *           {
                     *             "id": "inv_qemth0g8",
                     *             "number": "YBWJPUEL-0001",
                     *             "currency": "usd",
                     *             "amountPaid": 2900,
                     *             "paidAt": "2026-11-20T13:04:40Z",
                     *             "outcome": "no_attribution",
                     *             "reason": "Nobody brought this customer.",
                     *             "commissions": []
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ExplanationAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_attribution_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributionRulesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    set_attribution_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "precedence": [
                 *         "checkout_code",
                 *         "link"
                 *       ],
                 *       "touch": "first",
                 *       "attributionDays": 60
                 *     }
                 */
                "application/json": components["schemas"]["SetAttributionRules"];
            };
        };
        responses: {
            /** @description The rules in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attribution": {
                     *         "precedence": [
                     *           "checkout_code",
                     *           "link"
                     *         ],
                     *         "touch": "first",
                     *         "countedUntil": "payment",
                     *         "attributionDays": 60,
                     *         "version": 2
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AttributionRulesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinksAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    set_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "landingUrl": "https://www.example.com/start",
                 *       "ownHosts": [
                 *         "app.example.com"
                 *       ],
                 *       "linkHost": "go.example.com"
                 *     }
                 */
                "application/json": components["schemas"]["SetLinks"];
            };
        };
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "links": {
                     *         "landingUrl": "https://www.example.com/start",
                     *         "ownHosts": [
                     *           "app.example.com"
                     *         ],
                     *         "linkHost": "go.example.com",
                     *         "cookieDomain": null,
                     *         "setsCookies": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["LinksAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_publishable_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every key that is not revoked, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishableKeysAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_publishable_key: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "origins": [
                 *         "https://www.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreatePublishableKey"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "publishableKey": {
                     *         "id": "pkey_1m7wgy7z",
                     *         "key": "pk_a945681e243f387ef27deb1760d0fb57",
                     *         "origins": [
                     *           "https://www.example.com"
                     *         ],
                     *         "createdAt": "2026-11-20T13:04:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PublishableKeyAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_publishable_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The publishable key's id, `pkey_…`.
                 * @example pkey_1m7wgy7z
                 */
                publishableKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_promotion_codes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every promotion code that belongs to somebody. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "promotionCodes": []
                     *     }
                     */
                    "application/json": components["schemas"]["PromotionCodesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    tie_promotion_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The team, `team_…`. */
                teamId: string;
                /** @description The project, `proj_…`. */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TiePromotionCode"];
            };
        };
        responses: {
            /** @description The promotion code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionCodeAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    untie_promotion_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team, `team_…`. */
                teamId: string;
                /** @description The project, `proj_…`. */
                projectId: string;
                /** @description The id of the tie, `tie_…`. */
                promotionCodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_programs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every program of the project, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "programs": [
                     *         {
                     *           "key": "customer_referrals",
                     *           "projectId": "proj_8e1xq30m",
                     *           "enabled": true,
                     *           "version": 1,
                     *           "convertsOn": "subscription",
                     *           "rules": [
                     *             {
                     *               "earner": "referrer",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 1000,
                     *                 "unit": "usd",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "stripe_balance",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             },
                     *             {
                     *               "earner": "referee",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 500,
                     *                 "unit": "usd",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "stripe_balance",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             }
                     *           ],
                     *           "monthlyCap": null,
                     *           "takeBackAfterDays": null,
                     *           "linkAddress": null,
                     *           "hosts": [],
                     *           "origins": [],
                     *           "refuseDisposable": false,
                     *           "createdAt": "2026-11-20T13:46:57Z",
                     *           "updatedAt": "2026-11-20T13:46:57Z"
                     *         },
                     *         {
                     *           "key": "sign_up_bonus",
                     *           "projectId": "proj_8e1xq30m",
                     *           "enabled": true,
                     *           "version": 1,
                     *           "convertsOn": "signup",
                     *           "rules": [
                     *             {
                     *               "earner": "referrer",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 5,
                     *                 "unit": "ai_credits",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "wallet",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             }
                     *           ],
                     *           "monthlyCap": null,
                     *           "takeBackAfterDays": null,
                     *           "linkAddress": "https://app.example.com/login",
                     *           "hosts": [
                     *             "api.example.com"
                     *           ],
                     *           "origins": [
                     *             "https://app.example.com"
                     *           ],
                     *           "refuseDisposable": true,
                     *           "createdAt": "2026-11-20T13:46:58Z",
                     *           "updatedAt": "2026-11-20T13:46:58Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProgramsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_program: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The program. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "program": {
                     *         "key": "sign_up_bonus",
                     *         "projectId": "proj_8e1xq30m",
                     *         "enabled": true,
                     *         "version": 1,
                     *         "convertsOn": "signup",
                     *         "rules": [
                     *           {
                     *             "earner": "referrer",
                     *             "earnedOn": "conversion",
                     *             "amount": {
                     *               "type": "fixed",
                     *               "value": 5,
                     *               "unit": "ai_credits",
                     *               "basisPoints": null
                     *             },
                     *             "settlesAs": "wallet",
                     *             "holdDays": 0,
                     *             "paymentsMax": null,
                     *             "monthsMax": null,
                     *             "productRates": [],
                     *             "tiers": []
                     *           }
                     *         ],
                     *         "monthlyCap": null,
                     *         "takeBackAfterDays": null,
                     *         "linkAddress": "https://app.example.com/login",
                     *         "hosts": [
                     *           "api.example.com"
                     *         ],
                     *         "origins": [
                     *           "https://app.example.com"
                     *         ],
                     *         "refuseDisposable": true,
                     *         "createdAt": "2026-11-20T13:46:58Z",
                     *         "updatedAt": "2026-11-20T13:46:58Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProgramAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    put_program: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": true,
                 *       "convertsOn": "signup",
                 *       "rules": [
                 *         {
                 *           "earner": "referrer",
                 *           "earnedOn": "conversion",
                 *           "amount": {
                 *             "type": "fixed",
                 *             "value": 5,
                 *             "unit": "ai_credits"
                 *           },
                 *           "settlesAs": "wallet"
                 *         }
                 *       ],
                 *       "linkAddress": "https://app.example.com/login",
                 *       "hosts": [
                 *         "api.example.com"
                 *       ],
                 *       "origins": [
                 *         "https://app.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PutProgram"];
            };
        };
        responses: {
            /** @description The program. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "program": {
                     *         "key": "sign_up_bonus",
                     *         "projectId": "proj_8e1xq30m",
                     *         "enabled": true,
                     *         "version": 1,
                     *         "convertsOn": "signup",
                     *         "rules": [
                     *           {
                     *             "earner": "referrer",
                     *             "earnedOn": "conversion",
                     *             "amount": {
                     *               "type": "fixed",
                     *               "value": 5,
                     *               "unit": "ai_credits",
                     *               "basisPoints": null
                     *             },
                     *             "settlesAs": "wallet",
                     *             "holdDays": 0,
                     *             "paymentsMax": null,
                     *             "monthsMax": null,
                     *             "productRates": [],
                     *             "tiers": []
                     *           }
                     *         ],
                     *         "monthlyCap": null,
                     *         "takeBackAfterDays": null,
                     *         "linkAddress": "https://app.example.com/login",
                     *         "hosts": [
                     *           "api.example.com"
                     *         ],
                     *         "origins": [
                     *           "https://app.example.com"
                     *         ],
                     *         "refuseDisposable": true,
                     *         "createdAt": "2026-11-20T13:46:58Z",
                     *         "updatedAt": "2026-11-20T13:46:58Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProgramAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_program_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last fifty versions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "versions": [
                     *         {
                     *           "version": 3,
                     *           "rules": [
                     *             {
                     *               "earner": "referrer",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 7,
                     *                 "unit": "ai_credits",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "wallet",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             }
                     *           ],
                     *           "fromAt": null,
                     *           "createdAt": "2026-11-20T13:19:47Z"
                     *         },
                     *         {
                     *           "version": 2,
                     *           "rules": [
                     *             {
                     *               "earner": "referrer",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 5,
                     *                 "unit": "ai_credits",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "wallet",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             }
                     *           ],
                     *           "fromAt": null,
                     *           "createdAt": "2026-11-20T13:19:47Z"
                     *         },
                     *         {
                     *           "version": 1,
                     *           "rules": [
                     *             {
                     *               "earner": "referrer",
                     *               "earnedOn": "conversion",
                     *               "amount": {
                     *                 "type": "fixed",
                     *                 "value": 5,
                     *                 "unit": "ai_credits",
                     *                 "basisPoints": null
                     *               },
                     *               "settlesAs": "wallet",
                     *               "holdDays": 0,
                     *               "paymentsMax": null,
                     *               "monthsMax": null,
                     *               "productRates": [],
                     *               "tiers": []
                     *             }
                     *           ],
                     *           "fromAt": null,
                     *           "createdAt": "2026-11-20T13:19:47Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TermsVersionsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    edit_program_terms: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rules": [
                 *         {
                 *           "earner": "referrer",
                 *           "earnedOn": "conversion",
                 *           "amount": {
                 *             "type": "fixed",
                 *             "value": 7,
                 *             "unit": "ai_credits"
                 *           },
                 *           "settlesAs": "wallet"
                 *         }
                 *       ],
                 *       "appliesTo": "new_referrals"
                 *     }
                 */
                "application/json": components["schemas"]["EditTerms"];
            };
        };
        responses: {
            /** @description The version in force. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": {
                     *         "version": 3,
                     *         "rules": [
                     *           {
                     *             "earner": "referrer",
                     *             "earnedOn": "conversion",
                     *             "amount": {
                     *               "type": "fixed",
                     *               "value": 7,
                     *               "unit": "ai_credits",
                     *               "basisPoints": null
                     *             },
                     *             "settlesAs": "wallet",
                     *             "holdDays": 0,
                     *             "paymentsMax": null,
                     *             "monthsMax": null,
                     *             "productRates": [],
                     *             "tiers": []
                     *           }
                     *         ],
                     *         "fromAt": null,
                     *         "createdAt": "2026-11-20T13:19:47Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TermsVersionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    preview_program_terms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The program's key, such as `sign_up_bonus`.
                 * @example sign_up_bonus
                 */
                programKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rules": [
                 *         {
                 *           "earner": "referrer",
                 *           "earnedOn": "conversion",
                 *           "amount": {
                 *             "type": "fixed",
                 *             "value": 7,
                 *             "unit": "ai_credits"
                 *           },
                 *           "settlesAs": "wallet"
                 *         }
                 *       ],
                 *       "appliesTo": "new_referrals"
                 *     }
                 */
                "application/json": components["schemas"]["PreviewTerms"];
            };
        };
        responses: {
            /** @description The preview. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "preview": {
                     *         "since": "2026-08-22T13:03:32Z",
                     *         "until": "2026-11-20T13:03:32Z",
                     *         "payments": 0,
                     *         "changed": 0,
                     *         "totals": [],
                     *         "earners": [],
                     *         "isComplete": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PreviewAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_wallets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_0gv6ajnt
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A customer's wallets, one for each unit. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "wallets": [
                     *         {
                     *           "unit": "ai_credits",
                     *           "balance": 8,
                     *           "allowance": {
                     *             "monthly": 2,
                     *             "left": 2,
                     *             "renewsAt": "2026-12-01T00:00:00Z"
                     *           },
                     *           "nextExpiry": {
                     *             "amount": 3,
                     *             "expiresAt": "2099-04-01T00:00:00Z"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WalletsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    spend_credits: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_0gv6ajnt
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "unit": "ai_credits",
                 *       "amount": 4,
                 *       "key": "image-4711"
                 *     }
                 */
                "application/json": components["schemas"]["SpendCredits"];
            };
        };
        responses: {
            /** @description The spend; the same answer for the same key, for ever. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "spend": {
                     *         "id": "ws_2kd8w5rz",
                     *         "customerId": "pc_0gv6ajnt",
                     *         "unit": "ai_credits",
                     *         "amount": 4,
                     *         "fromAllowance": 2,
                     *         "balance": 6,
                     *         "allowanceLeft": 0,
                     *         "key": "image-4711",
                     *         "createdAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SpendAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description Balance and allowance together do not suffice: nothing was spent. */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsufficientAnswer"];
                };
            };
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    grant_credits: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_0gv6ajnt
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "unit": "ai_credits",
                 *       "amount": 5,
                 *       "key": "welcome-robin"
                 *     }
                 */
                "application/json": components["schemas"]["GrantCredits"];
            };
        };
        responses: {
            /** @description The grant; the same answer for the same key, for ever. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "grant": {
                     *         "id": "wg_4mvh8c2k",
                     *         "customerId": "pc_0gv6ajnt",
                     *         "unit": "ai_credits",
                     *         "amount": 5,
                     *         "key": "welcome-robin",
                     *         "expiresAt": null,
                     *         "createdAt": "2026-11-20T07:19:40Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["GrantAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_entries: {
        parameters: {
            query: {
                /**
                 * @description Whose unit's lines: the name of a unit such as ai_credits: a lower-case letter, then up to 31 lower-case letters, digits and underscores, and not the code of a currency.
                 * @example ai_credits
                 */
                unit: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The customer, `pc_…`.
                 * @example pc_0gv6ajnt
                 */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a wallet's lines, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "kind": "spend",
                     *           "change": -2,
                     *           "reasonId": "ws_2kd8w5rz",
                     *           "sourceId": "image-4711",
                     *           "createdAt": "2026-11-20T07:19:40Z"
                     *         },
                     *         {
                     *           "kind": "credit",
                     *           "change": 3,
                     *           "reasonId": "wg_9tq3x7dn",
                     *           "sourceId": "spring-robin",
                     *           "createdAt": "2026-11-20T07:19:40Z"
                     *         },
                     *         {
                     *           "kind": "credit",
                     *           "change": 5,
                     *           "reasonId": "wg_4mvh8c2k",
                     *           "sourceId": "welcome-robin",
                     *           "createdAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["EntriesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_wallet_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings of every unit that has any. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "settings": [
                     *         {
                     *           "unit": "ai_credits",
                     *           "monthlyAllowance": 2,
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WalletSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    set_wallet_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "unit": "ai_credits",
                 *       "monthlyAllowance": 2
                 *     }
                 */
                "application/json": components["schemas"]["SetWalletSetting"];
            };
        };
        responses: {
            /** @description The settings of every unit that has any. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "settings": [
                     *         {
                     *           "unit": "ai_credits",
                     *           "monthlyAllowance": 2,
                     *           "updatedAt": "2026-11-20T07:19:40Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WalletSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_analytics: {
        parameters: {
            query?: {
                /**
                 * @description The window of growth and churn: the last so many days.
                 * @example 1
                 */
                growthDays?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A project's numbers: `mrr` in major units of its currency, `churnRate` in percent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mrr": 58,
                     *       "mrrByCurrency": {
                     *         "usd": 58
                     *       },
                     *       "customerCount": 2,
                     *       "churnRate": 0,
                     *       "subscriptionBreakdown": {
                     *         "active": 2,
                     *         "trialing": 0,
                     *         "past_due": 0,
                     *         "canceled": 0,
                     *         "unpaid": 0,
                     *         "incomplete": 0,
                     *         "paused": 0
                     *       },
                     *       "customerGrowth": [
                     *         {
                     *           "date": "2026-11-19",
                     *           "count": 0
                     *         },
                     *         {
                     *           "date": "2026-11-20",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "webhookStats": {
                     *         "total": 34,
                     *         "processed": 34,
                     *         "failed": 0
                     *       },
                     *       "referralStats": {
                     *         "totalCodes": 1,
                     *         "totalReferrals": 1,
                     *         "converted": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A project's webhooks, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhooks": [
                     *         {
                     *           "id": "we_26qmeg69",
                     *           "projectId": "proj_8e1xq30m",
                     *           "url": "https://app.example.com/webhooks",
                     *           "types": [
                     *             "payment.succeeded",
                     *             "reward.earned"
                     *           ],
                     *           "description": "Production",
                     *           "enabled": true,
                     *           "disabledReason": null,
                     *           "disabledAt": null,
                     *           "failingSince": null,
                     *           "previousSecretUntil": null,
                     *           "createdAt": "2026-11-20T12:57:39Z",
                     *           "updatedAt": "2026-11-20T12:57:39Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhooksAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://app.example.com/webhooks",
                 *       "types": [
                 *         "payment.succeeded",
                 *         "reward.earned"
                 *       ],
                 *       "description": "Production"
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description The webhook with its signing secret, `whsec_…`, which is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "we_26qmeg69",
                     *         "projectId": "proj_8e1xq30m",
                     *         "url": "https://app.example.com/webhooks",
                     *         "types": [
                     *           "payment.succeeded",
                     *           "reward.earned"
                     *         ],
                     *         "description": "Production",
                     *         "enabled": true,
                     *         "disabledReason": null,
                     *         "disabledAt": null,
                     *         "failingSince": null,
                     *         "previousSecretUntil": null,
                     *         "createdAt": "2026-11-20T12:57:39Z",
                     *         "updatedAt": "2026-11-20T12:57:39Z"
                     *       },
                     *       "secret": "whsec_SVmmbaAqupvNSGIC/ztK7JYRfT1WDCJ1h4RA/HLNv1Q="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecretAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "we_26qmeg69",
                     *         "projectId": "proj_8e1xq30m",
                     *         "url": "https://app.example.com/webhooks",
                     *         "types": [
                     *           "payment.succeeded",
                     *           "reward.earned"
                     *         ],
                     *         "description": "Production",
                     *         "enabled": true,
                     *         "disabledReason": null,
                     *         "disabledAt": null,
                     *         "failingSince": null,
                     *         "previousSecretUntil": null,
                     *         "createdAt": "2026-11-20T12:58:30Z",
                     *         "updatedAt": "2026-11-20T12:58:30Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "*"
                 *       ],
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["UpdateWebhook"];
            };
        };
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "we_26qmeg69",
                     *         "projectId": "proj_8e1xq30m",
                     *         "url": "https://app.example.com/webhooks",
                     *         "types": [
                     *           "*"
                     *         ],
                     *         "description": "Production",
                     *         "enabled": true,
                     *         "disabledReason": null,
                     *         "disabledAt": null,
                     *         "failingSince": null,
                     *         "previousSecretUntil": null,
                     *         "createdAt": "2026-11-20T12:58:30Z",
                     *         "updatedAt": "2026-11-20T12:58:30Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook with its signing secret, `whsec_…`, which is shown this once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "we_26qmeg69",
                     *         "projectId": "proj_8e1xq30m",
                     *         "url": "https://app.example.com/webhooks",
                     *         "types": [
                     *           "*"
                     *         ],
                     *         "description": "Production",
                     *         "enabled": true,
                     *         "disabledReason": null,
                     *         "disabledAt": null,
                     *         "failingSince": null,
                     *         "previousSecretUntil": "2026-11-21T12:58:30Z",
                     *         "createdAt": "2026-11-20T12:58:30Z",
                     *         "updatedAt": "2026-11-20T12:58:30Z"
                     *       },
                     *       "secret": "whsec_wyE0ZO0T9Ev81wewXwOIGtueOo5MSJ36bwdhP5qPNeM="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecretAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                /**
                 * @description Only those in this state.
                 * @example waiting
                 */
                status?: "waiting" | "delivered" | "failed";
                /** @description Deliveries older than the one of this id: the last of the page before. */
                before?: string;
                /**
                 * @description How many rows at most; more than 100 are never given.
                 * @example 10
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "del_xpvmygjv",
                     *           "webhookId": "we_26qmeg69",
                     *           "eventId": "evt_cmrse5np",
                     *           "type": "payment.succeeded",
                     *           "objectId": "evt_cmrse5np",
                     *           "status": "waiting",
                     *           "attempts": 0,
                     *           "lastTriedAt": null,
                     *           "lastStatus": null,
                     *           "lastError": null,
                     *           "nextTryAt": null,
                     *           "createdAt": "2026-11-20T12:58:30Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveriesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
                /**
                 * @description The delivery, `del_…`.
                 * @example del_xpvmygjv
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery with its latest hundred tries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery": {
                     *         "id": "del_xpvmygjv",
                     *         "webhookId": "we_26qmeg69",
                     *         "eventId": "evt_cmrse5np",
                     *         "type": "payment.succeeded",
                     *         "objectId": "evt_cmrse5np",
                     *         "status": "waiting",
                     *         "attempts": 0,
                     *         "lastTriedAt": null,
                     *         "lastStatus": null,
                     *         "lastError": null,
                     *         "nextTryAt": null,
                     *         "createdAt": "2026-11-20T12:59:02Z"
                     *       },
                     *       "attempts": []
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryDetailAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    resend_delivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
                /**
                 * @description The delivery, `del_…`.
                 * @example del_xpvmygjv
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery": {
                     *         "id": "del_xpvmygjv",
                     *         "webhookId": "we_26qmeg69",
                     *         "eventId": "evt_cmrse5np",
                     *         "type": "payment.succeeded",
                     *         "objectId": "evt_cmrse5np",
                     *         "status": "waiting",
                     *         "attempts": 0,
                     *         "lastTriedAt": null,
                     *         "lastStatus": null,
                     *         "lastError": null,
                     *         "nextTryAt": null,
                     *         "createdAt": "2026-11-20T12:59:02Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    resend_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-11-01T00:00:00Z",
                 *       "to": "2026-11-20T00:00:00Z",
                 *       "withDelivered": true
                 *     }
                 */
                "application/json": components["schemas"]["ResendWebhook"];
            };
        };
        responses: {
            /** @description How many deliveries go out again; `hasMore` says that the window holds more than one request sends again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "resent": 0,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": components["schemas"]["ResentAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    test_webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
                /**
                 * @description The webhook, `we_…`.
                 * @example we_26qmeg69
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "payment.succeeded"
                 *     }
                 */
                "application/json": components["schemas"]["TestWebhook"];
            };
        };
        responses: {
            /** @description The delivery. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivery": {
                     *         "id": "del_xpvmygjv",
                     *         "webhookId": "we_26qmeg69",
                     *         "eventId": "evt_cmrse5np",
                     *         "type": "payment.succeeded",
                     *         "objectId": "evt_cmrse5np",
                     *         "status": "waiting",
                     *         "attempts": 0,
                     *         "lastTriedAt": null,
                     *         "lastStatus": null,
                     *         "lastError": null,
                     *         "nextTryAt": null,
                     *         "createdAt": "2026-11-20T12:58:30Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description The cursor of the answer before; without it the oldest event that is kept comes first. `latest`: no events, and a cursor for those from now on. */
                after?: string;
                /**
                 * @description Only events of these types, separated by commas.
                 * @example test.ping
                 */
                types?: string;
                /**
                 * @description How many events at most; more than 500 are never given.
                 * @example 10
                 */
                limit?: number;
                /**
                 * @description For how many seconds to wait for an event if there is none behind the cursor yet, up to 30. The answer comes as soon as there is one, or empty.
                 * @example 20
                 */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events in their order; `cursor` goes into the next request's `after`, `hasMore` says that it has events already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "id": "evt_h3pk0tnk",
                     *           "type": "test.ping",
                     *           "event": "test.ping",
                     *           "timestamp": "2026-11-20T13:15:28Z",
                     *           "test": true,
                     *           "data": {
                     *             "test": {
                     *               "id": "test_06dxk5e1q7a4m8u3c6hw",
                     *               "message": "It works."
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "cursor": "MTguZXZ0XzFtN3doajB5MGUxZGgzcGswdG5r",
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": components["schemas"]["EventsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            410: components["responses"]["Error410"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    trigger_event: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random text. The same key with the same request gets the same answer for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "test.ping"
                 *     }
                 */
                "application/json": components["schemas"]["TriggerEvent"];
            };
        };
        responses: {
            /** @description It was done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_branding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The branding. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrandingAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    put_branding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Fieldnote",
                 *       "accentColor": "#a3441c",
                 *       "supportEmail": "help@example.com",
                 *       "returnUrl": "https://fieldnote.example.com/"
                 *     }
                 */
                "application/json": components["schemas"]["SetBranding"];
            };
        };
        responses: {
            /** @description The branding. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "branding": {
                     *         "projectId": "proj_8e1xq30m",
                     *         "name": "Fieldnote",
                     *         "accentColor": "#a3441c",
                     *         "supportEmail": "help@example.com",
                     *         "returnUrl": "https://fieldnote.example.com/",
                     *         "logoUrl": null,
                     *         "updatedAt": "2026-11-20T09:31:28Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["BrandingAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_identity_providers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A project's logins, by issuer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityProvidersAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    put_identity_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "issuer": "https://login.example.com/realms/app",
                 *       "audiences": [
                 *         "app"
                 *       ],
                 *       "kind": "jwks_url",
                 *       "jwksUrl": "https://login.example.com/realms/app/keys"
                 *     }
                 */
                "application/json": components["schemas"]["PutIdentityProvider"];
            };
        };
        responses: {
            /** @description The login. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "identityProvider": {
                     *         "id": "idp_06bz4p2m",
                     *         "projectId": "proj_8e1xq30m",
                     *         "issuer": "https://login.example.com/realms/app",
                     *         "audiences": [
                     *           "app"
                     *         ],
                     *         "kind": "jwks_url",
                     *         "algorithms": [
                     *           "RS256",
                     *           "ES256",
                     *           "EdDSA"
                     *         ],
                     *         "jwksUrl": "https://login.example.com/realms/app/keys",
                     *         "jwks": null,
                     *         "hasSecret": false,
                     *         "leewaySeconds": 0,
                     *         "provesEmails": false,
                     *         "isActive": true,
                     *         "createdAt": "2026-11-20T09:00:00Z",
                     *         "updatedAt": "2026-11-20T09:00:00Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["IdentityProviderAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_identity_provider: {
        parameters: {
            query?: {
                /** @description Which one, if the project has several. */
                issuer?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_teams: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller's teams, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "teams": [
                     *         {
                     *           "id": "team_8e1xq2vk",
                     *           "name": "Acme",
                     *           "role": "owner",
                     *           "createdAt": "2026-11-20T09:41:53Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TeamsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_team: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Heron"
                 *     }
                 */
                "application/json": components["schemas"]["CreateTeam"];
            };
        };
        responses: {
            /** @description The team. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "team": {
                     *         "id": "team_m65fq71a",
                     *         "name": "Heron",
                     *         "role": "owner",
                     *         "createdAt": "2026-11-20T09:41:56Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TeamAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "team": {
                     *         "id": "team_8e1xq2vk",
                     *         "name": "Acme",
                     *         "role": "owner",
                     *         "createdAt": "2026-11-20T09:41:53Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TeamAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team, `team_…`. */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_team: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateTeam"];
            };
        };
        responses: {
            /** @description The team. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "team": {
                     *         "id": "team_8e1xq2vk",
                     *         "name": "Acme",
                     *         "role": "owner",
                     *         "createdAt": "2026-11-20T09:41:53Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TeamAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_projects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team's projects, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "projects": [
                     *         {
                     *           "id": "proj_8e1xq30m",
                     *           "name": "Shop",
                     *           "currency": "usd",
                     *           "teamId": "team_8e1xq2vk",
                     *           "createdAt": "2026-11-20T09:41:53Z"
                     *         },
                     *         {
                     *           "id": "proj_7k2m9q4x",
                     *           "name": "Journal",
                     *           "currency": "eur",
                     *           "teamId": "team_8e1xq2vk",
                     *           "createdAt": "2026-11-20T09:41:56Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Journal",
                 *       "currency": "eur"
                 *     }
                 */
                "application/json": components["schemas"]["CreateProject"];
            };
        };
        responses: {
            /** @description The project. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project": {
                     *         "id": "proj_7k2m9q4x",
                     *         "name": "Journal",
                     *         "currency": "eur",
                     *         "teamId": "team_8e1xq2vk",
                     *         "createdAt": "2026-11-20T09:31:28Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_7k2m9q4x
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project": {
                     *         "id": "proj_7k2m9q4x",
                     *         "name": "Journal",
                     *         "currency": "eur",
                     *         "teamId": "team_8e1xq2vk",
                     *         "createdAt": "2026-11-20T09:41:56Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    delete_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_7k2m9q4x
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The project, `proj_…`.
                 * @example proj_7k2m9q4x
                 */
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Magazine"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateProject"];
            };
        };
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "project": {
                     *         "id": "proj_7k2m9q4x",
                     *         "name": "Magazine",
                     *         "currency": "eur",
                     *         "teamId": "team_8e1xq2vk",
                     *         "createdAt": "2026-11-20T09:41:56Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team's members, in the order in which they came. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "members": [
                     *         {
                     *           "userId": "user_3f8w1c6d",
                     *           "email": "owner@example.com",
                     *           "role": "owner",
                     *           "createdAt": "2026-11-20T09:31:28Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MembersAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team, `team_…`. */
                teamId: string;
                /** @description The member, `user_…`. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    update_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The member, `user_…`.
                 * @example user_3f8w1c6d
                 */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "owner"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateMember"];
            };
        };
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member": {
                     *         "userId": "user_3f8w1c6d",
                     *         "email": "owner@example.com",
                     *         "role": "owner",
                     *         "createdAt": "2026-11-20T09:41:53Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_invitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations that wait for an answer, by address; expired ones too, until they are revoked or sent again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitations": [
                     *         {
                     *           "id": "inv_5t9r2v7b",
                     *           "email": "jane@example.com",
                     *           "role": "member",
                     *           "expiresAt": "2026-11-27T09:41:56Z",
                     *           "createdAt": "2026-11-20T09:41:56Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "jane@example.com",
                 *       "role": "member"
                 *     }
                 */
                "application/json": components["schemas"]["CreateInvitation"];
            };
        };
        responses: {
            /** @description The invitation; its link is in the mail only. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitation": {
                     *         "id": "inv_5t9r2v7b",
                     *         "email": "jane@example.com",
                     *         "role": "member",
                     *         "expiresAt": "2026-11-27T09:31:28Z",
                     *         "createdAt": "2026-11-20T09:31:28Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    resend_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The invitation, `inv_…`.
                 * @example inv_5t9r2v7b
                 */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation; its link is in the mail only. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitation": {
                     *         "id": "inv_5t9r2v7b",
                     *         "email": "jane@example.com",
                     *         "role": "member",
                     *         "expiresAt": "2026-11-27T09:41:56Z",
                     *         "createdAt": "2026-11-20T09:41:56Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The invitation, `inv_…`.
                 * @example inv_5t9r2v7b
                 */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description The new membership. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_api_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys that are not revoked, newest first; expired ones too. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "id": "key_9d4h6j2s",
                     *           "name": "Shop server",
                     *           "prefix": "bs_a1b2",
                     *           "projectId": "proj_8e1xq30m",
                     *           "scopes": [
                     *             "customers:read",
                     *             "customers:write"
                     *           ],
                     *           "expiresAt": null,
                     *           "createdAt": "2026-11-20T09:41:56Z",
                     *           "lastUsedAt": null
                     *         },
                     *         {
                     *           "id": "key_w00k5zn0",
                     *           "name": "init",
                     *           "prefix": "bs_0123",
                     *           "projectId": null,
                     *           "scopes": [],
                     *           "expiresAt": null,
                     *           "createdAt": "2026-11-20T09:41:53Z",
                     *           "lastUsedAt": "2026-11-20T09:41:53Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeysAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Shop server",
                 *       "projectId": "proj_8e1xq30m",
                 *       "scopes": [
                 *         "customers:read",
                 *         "customers:write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description The key; `rawKey` is told this once only. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": {
                     *         "id": "key_9d4h6j2s",
                     *         "name": "Shop server",
                     *         "prefix": "bs_a1b2",
                     *         "projectId": "proj_8e1xq30m",
                     *         "scopes": [
                     *           "customers:read",
                     *           "customers:write"
                     *         ],
                     *         "expiresAt": null,
                     *         "createdAt": "2026-11-20T09:31:28Z"
                     *       },
                     *       "rawKey": "bs_a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedKeyAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
                /**
                 * @description The API key, `key_…`.
                 * @example key_9d4h6j2s
                 */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    connect_stripe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secretKey": "sk_test_00112233445566778899aabbccddeeff0011223344556677",
                 *       "publishableKey": "pk_test_00112233",
                 *       "webhookSecret": "whsec_placeholder"
                 *     }
                 */
                "application/json": components["schemas"]["ConnectStripe"];
            };
        };
        responses: {
            /** @description The account is connected. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "webhookUrl": "http://127.0.0.1:8000/api/webhooks/stripe/team_8e1xq2vk",
                     *       "syncStatus": "pending"
                     *     }
                     */
                    "application/json": components["schemas"]["ConnectedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    disconnect_stripe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true
                     *     }
                     */
                    "application/json": components["schemas"]["Success"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    simulate_stripe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The team's account in the box is connected; its key is told this once only. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "webhookUrl": "http://127.0.0.1:8000/api/webhooks/stripe/team_8e1xq2vk",
                     *       "syncStatus": "ready",
                     *       "simulatorSecretKey": "sk_test_261ef0f844882f95dce12cc0658abd6f9668ae3acebf8dcf"
                     *     }
                     */
                    "application/json": components["schemas"]["SimulatedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_stripe_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the team stands with Stripe; `syncStatus` is `pending`, `syncing`, `ready` or `error`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connected": true,
                     *       "isActive": true,
                     *       "syncStatus": "pending",
                     *       "schemaExists": true,
                     *       "accountName": "Acme",
                     *       "keyValid": true,
                     *       "backfill": null
                     *     }
                     */
                    "application/json": components["schemas"]["StatusAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_webhook_url: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where Stripe's events go. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhookUrl": "http://127.0.0.1:8000/api/webhooks/stripe/team_8e1xq2vk",
                     *       "instructions": "In Stripe's dashboard, add this address as a webhook endpoint with the events of Billfold's guide, then send its signing secret (whsec_…) with POST …/stripe/connect."
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookUrlAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    start_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "objects": [
                 *         "customer",
                 *         "subscription"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["StartBackfill"];
            };
        };
        responses: {
            /** @description The import has begun, is already done, or was stopped; `result` counts what was read so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Backfill finished",
                     *       "syncStatus": "ready",
                     *       "result": {
                     *         "customer": {
                     *           "synced": 3
                     *         },
                     *         "subscription": {
                     *           "synced": 2
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["BackfillAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    stop_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The team, `team_…`. */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import has begun, is already done, or was stopped; `result` counts what was read so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackfillAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_unassigned: {
        parameters: {
            query?: {
                /** @description The kind of object. */
                type?: "product" | "price" | "customer" | "subscription" | "invoice" | "charge";
                /**
                 * @description How many rows at most; more than 100 are never given.
                 * @example 1
                 */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of what is in no project, newest first, and how much there is of each kind. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "objects": [
                     *         {
                     *           "id": "cus_kEqMN8cl",
                     *           "type": "customer",
                     *           "name": null,
                     *           "email": "finch@example.com",
                     *           "status": null,
                     *           "stripeCustomerId": "cus_kEqMN8cl",
                     *           "created": "2026-11-20T09:46:50Z",
                     *           "fetchedAt": "2026-11-20T09:46:51Z"
                     *         }
                     *       ],
                     *       "counts": {
                     *         "customer": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UnassignedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    assign_stripe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "projectId": "proj_8e1xq30m",
                 *       "stripeCustomerId": "cus_Nrek2LxE"
                 *     }
                 */
                "application/json": components["schemas"]["AssignStripe"];
            };
        };
        responses: {
            /** @description The customer or the product as it is in the project, and what came in with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customer": {
                     *         "id": "pc_zpkxj5vy",
                     *         "email": "wren@example.com",
                     *         "name": "Wren",
                     *         "stripeCustomerId": "cus_Nrek2LxE",
                     *         "metadata": {
                     *           "plan": "solo",
                     *           "seats": 3
                     *         },
                     *         "projectId": "proj_8e1xq30m",
                     *         "createdAt": "2026-11-20T09:46:17Z",
                     *         "updatedAt": "2026-11-20T09:46:17Z"
                     *       },
                     *       "product": null,
                     *       "imported": {
                     *         "subscriptions": 1,
                     *         "invoices": 1,
                     *         "charges": 1,
                     *         "prices": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AssignedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_reconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest comparison, null if there never was one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "report": {
                     *         "status": "finished",
                     *         "sample": 10,
                     *         "compared": {
                     *           "product": 2,
                     *           "price": 1,
                     *           "subscription": 2,
                     *           "invoice": 2,
                     *           "charge": 2
                     *         },
                     *         "differenceCount": 0,
                     *         "differences": [],
                     *         "startedAt": "2026-11-20T09:46:18Z",
                     *         "finishedAt": "2026-11-20T09:46:18Z",
                     *         "lastError": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    start_reconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sample": 10
                 *     }
                 */
                "application/json": components["schemas"]["CompareStripe"];
            };
        };
        responses: {
            /** @description The latest comparison, null if there never was one. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "report": {
                     *         "status": "running",
                     *         "sample": 10,
                     *         "compared": {},
                     *         "differenceCount": 0,
                     *         "differences": [],
                     *         "startedAt": "2026-11-20T09:46:18Z",
                     *         "finishedAt": null,
                     *         "lastError": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            408: components["responses"]["Error408"];
            409: components["responses"]["Error409"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_audit_log: {
        parameters: {
            query?: {
                /** @description Entries older than the one of this id: the last of the page before. */
                before?: number;
                /**
                 * @description How many rows at most; more than 100 are never given.
                 * @example 2
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The team, `team_…`.
                 * @example team_8e1xq2vk
                 */
                teamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "id": 37,
                     *           "actor": {
                     *             "kind": "member",
                     *             "id": "user_3f8w1c6d",
                     *             "name": "owner@example.com"
                     *           },
                     *           "action": "api_key.revoked",
                     *           "subject": "key_9d4h6j2s",
                     *           "projectId": null,
                     *           "details": {
                     *             "name": "Shop server",
                     *             "prefix": "bs_a1b2",
                     *             "projectId": "proj_8e1xq30m",
                     *             "scopes": [
                     *               "customers:read",
                     *               "customers:write"
                     *             ]
                     *           },
                     *           "address": "127.0.0.1",
                     *           "at": "2026-11-20T09:41:56Z"
                     *         },
                     *         {
                     *           "id": 36,
                     *           "actor": {
                     *             "kind": "member",
                     *             "id": "user_3f8w1c6d",
                     *             "name": "owner@example.com"
                     *           },
                     *           "action": "api_key.created",
                     *           "subject": "key_9d4h6j2s",
                     *           "projectId": null,
                     *           "details": {
                     *             "name": "Shop server",
                     *             "prefix": "bs_a1b2",
                     *             "projectId": "proj_8e1xq30m",
                     *             "scopes": [
                     *               "customers:read",
                     *               "customers:write"
                     *             ]
                     *           },
                     *           "address": "127.0.0.1",
                     *           "at": "2026-11-20T09:41:56Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuditLogAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
}
