// Generated from docs/api/affiliate.openapi.json by `npm run generate`; edits are lost.

export interface paths {
    "/v1/affiliate/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply to become a partner
         * @description Apply to become a partner.
         *
         *     409 if the address applied before, in any spelling, or is a partner's; 403 `FEATURE_NOT_AVAILABLE` while the program is off.
         */
        post: operations["apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/apply/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what became of an application
         * @description Tell what became of an application.
         *
         *     Changes nothing. Meant for the address of the user who is signed in at the app: the answer tells who applied.
         */
        get: operations["application_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/by-customer/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look a partner up by the customer
         * @description Look a partner up by the customer.
         *
         *     `{"enrolled": false}` for who is none, and for an id that is no customer of this app.
         */
        get: operations["partner_by_customer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell the signed-in customer whether he is a partner; the same answer as by customer
         * @description Tell the signed-in customer whether he is a partner; the same answer as by customer.
         */
        get: operations["own_partner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the partner everything at once
         * @description Show the partner everything at once.
         *
         *     403 `NOT_AN_AFFILIATE` for a customer who is no partner, `AFFILIATE_SUSPENDED` for one who is not active.
         */
        get: operations["dashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List those whom the partner brought
         * @description List those whom the partner brought.
         */
        get: operations["own_referrals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/commissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the partner's commissions
         * @description List the partner's commissions.
         */
        get: operations["own_commissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/portal-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Make a link to the partner's hosted page
         * @description Make a link to the partner's hosted page.
         *
         *     It works for 24 hours, as often as it is opened, and is a new one at each call. A suspension ends it.
         */
        get: operations["portal_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/auth/magic-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mail a customer a link to sign in
         * @description Mail a customer a link to sign in.
         *
         *     It works once, for 15 minutes. Nobody is told whether there is such a customer; with `autoCreateCustomer` one is made. At most
         *     five an hour for an address.
         */
        post: operations["send_magic_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Use a mailed token up, or send the browser on with it
         * @description Use a mailed token up, or send the browser on with it.
         *
         *     A browser is only ever sent to an address that the app has configured.
         */
        get: operations["verify_by_link"];
        put?: never;
        /**
         * Use a mailed token up and begin a session
         * @description Use a mailed token up and begin a session.
         *
         *     401 with `TOKEN_ALREADY_USED`, `TOKEN_EXPIRED` or `TOKEN_INVALID`; the last for a token of another app too.
         */
        post: operations["verify_magic_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whose session a token is
         * @description Tell whose session a token is.
         */
        get: operations["read_session"];
        put?: never;
        post?: never;
        /**
         * End a session: its token is worth nothing from here on
         * @description End a session: its token is worth nothing from here on.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/auth/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell how customers of the app sign in
         * @description Tell how customers of the app sign in.
         */
        get: operations["read_sign_in_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how customers of the app sign in
         * @description Change how customers of the app sign in.
         *
         *     `redirectUrls` are the only addresses to which a link may lead.
         */
        patch: operations["change_sign_in_settings"];
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a member in
         * @description Sign a member in.
         *
         *     Attempts are limited as at the console's sign-in. 401 with `SECOND_FACTOR_REQUIRED` if the person has one and sent no code.
         *     The session ends after 12 hours without a request, and shows among the person's sessions.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Track a click
         * @description Track a click.
         *
         *     With a secret key from a backend, or a publishable key from a page on one of its origins. The same visitor and code within
         *     30 minutes are one click. A code that is unknown or inactive is answered 404 with `AFFILIATE_NOT_FOUND`.
         */
        post: operations["track_click"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List applications
         * @description List applications.
         */
        get: operations["list_applications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/applications/{applicationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an application
         * @description Get an application.
         */
        get: operations["get_application"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Note something about an application, for the team only
         * @description Note something about an application, for the team only.
         */
        patch: operations["note_on_application"];
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/applications/{applicationId}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or reject an application
         * @description Approve or reject an application.
         *
         *     An approval makes the customer if there is none with this address, the partner and his code; `code` is generated if it is left
         *     out. 409 if the application was decided before or the code is taken, and then nothing changes. The applicant can read
         *     `rejectionReason`.
         */
        post: operations["review_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the program's settings
         * @description Read the program's settings.
         */
        get: operations["read_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the program's settings
         * @description Change the program's settings.
         *
         *     The program is set up at the first change. An edit of the conditions is a new version of the terms; what was earned
         *     stays as it was.
         */
        patch: operations["change_settings"];
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/mail-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read from whom partners get their mails
         * @description Read from whom partners get their mails.
         */
        get: operations["read_mail_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change from whom partners get their mails
         * @description Change from whom partners get their mails.
         */
        patch: operations["change_mail_settings"];
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/commissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List commissions
         * @description List commissions.
         */
        get: operations["list_commissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/commissions/{commissionId}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void a commission: it stays, worth nothing, with its reason. 409 for one that is voided or in a payout
         * @description Void a commission: it stays, worth nothing, with its reason. 409 for one that is voided or in a payout.
         */
        post: operations["void_commission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/commissions/{commissionId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a voided commission count again. 409 for one that is not voided, or void with its whole referral
         * @description Have a voided commission count again. 409 for one that is not voided, or void with its whole referral.
         */
        post: operations["restore_commission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the signals that somebody brought himself
         * @description List the signals that somebody brought himself.
         */
        get: operations["list_reviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/reviews/{reviewId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a signal, confirm it, or undo either; the commissions of the referral follow at once
         * @description Release a signal, confirm it, or undo either; the commissions of the referral follow at once.
         */
        post: operations["decide_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/{affiliateId}/write-offs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forgive what a partner's available balance lacks to zero. 409 if it is not below zero
         * @description Forgive what a partner's available balance lacks to zero. 409 if it is not below zero.
         */
        post: operations["add_write_off"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whom a batch would pay what, and whom it would leave out and why; nothing changes
         * @description Show whom a batch would pay what, and whom it would leave out and why; nothing changes.
         */
        get: operations["preview_payouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches
         * @description List batches.
         */
        get: operations["list_payout_batches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/batches/{batchId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return one batch
         * @description Return one batch.
         */
        get: operations["get_payout_batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/batches/{batchId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that what a batch prepared may be sent; 409 while it is being prepared
         * @description Say that what a batch prepared may be sent; 409 while it is being prepared.
         */
        post: operations["approve_payout_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/batches/{batchId}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an approved batch: Stripe's transfers are made one by one, what is paid by hand waits for its references
         * @description Send an approved batch: Stripe's transfers are made one by one, what is paid by hand waits for its references.
         */
        post: operations["send_payout_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/batches/{batchId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the file with which somebody pays a batch by hand: account numbers in clear, so its reading is recorded
         * @description Return the file with which somebody pays a batch by hand: account numbers in clear, so its reading is recorded.
         */
        get: operations["export_payout_batch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return what the program asks before it pays
         * @description Return what the program asks before it pays.
         */
        get: operations["get_payout_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what the program asks before it pays, from the next batch on
         * @description Change what the program asks before it pays, from the next batch on.
         */
        patch: operations["change_payout_settings"];
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payouts
         * @description List payouts.
         */
        get: operations["list_payouts"];
        put?: never;
        /**
         * Make payouts of what is due: every partner whose available balance reaches the minimum
         * @description Make payouts of what is due: every partner whose available balance reaches the minimum.
         *
         *     They are `pending`, their money is reserved. 400 if partners were chosen and none of them can be paid; the message says why.
         */
        post: operations["run_payouts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/{payoutId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return one payout with its lines and its way
         * @description Return one payout with its lines and its way.
         */
        get: operations["get_payout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/{payoutId}/mark-paid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle a payout that was paid by hand; the same reference again changes nothing. 409 for one that is over
         * @description Settle a payout that was paid by hand; the same reference again changes nothing. 409 for one that is over.
         */
        post: operations["mark_payout_paid"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/{payoutId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a payout back that was not paid: its money is available again. 409 for a transfer that may be on its way
         * @description Take a payout back that was not paid: its money is available again. 409 for a transfer that may be on its way.
         */
        post: operations["cancel_payout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/{payoutId}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a payout by hand did not arrive, or that the bank returned it: its money is available again
         * @description Say that a payout by hand did not arrive, or that the bank returned it: its money is available again.
         */
        post: operations["fail_payout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/payouts/{payoutId}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what is left of a transfer back at Stripe: the payout is cancelled and its money available again
         * @description Take what is left of a transfer back at Stripe: the payout is cancelled and its money available again.
         */
        post: operations["reverse_payout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/{affiliateId}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a partner's statement of a month
         * @description Return a partner's statement of a month.
         */
        get: operations["get_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the signed-in partner's payouts
         * @description List the signed-in partner's payouts.
         */
        get: operations["own_payouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the signed-in partner's statement of a month
         * @description Return the signed-in partner's statement of a month.
         */
        get: operations["own_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/deals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the partner's own deals
         * @description List the partner's own deals.
         */
        get: operations["own_deals"];
        put?: never;
        /**
         * Register a lead
         * @description Register a lead.
         *
         *     409 if another claim on the lead is open or the lead pays already; 400 for the partner's own address.
         */
        post: operations["register_deal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliate/deals/{dealId}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Protect an open deal for one more window; 409 if it has expired or was renewed as often as the app allows
         * @description Protect an open deal for one more window; 409 if it has expired or was renewed as often as the app allows.
         */
        post: operations["renew_own_deal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/deals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deals, each with the other open claims on the same company
         * @description List deals, each with the other open claims on the same company.
         */
        get: operations["list_deals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/deals/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read for how long deals are protected
         * @description Read for how long deals are protected.
         */
        get: operations["read_deal_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change for how long deals are protected
         * @description Change for how long deals are protected.
         */
        patch: operations["change_deal_settings"];
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/deals/{dealId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one deal
         * @description Read one deal.
         */
        get: operations["get_deal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/deals/{dealId}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept or decline a pending deal
         * @description Accept or decline a pending deal.
         *
         *     409 if it was decided before, has expired, or another claim on the same company is accepted.
         */
        post: operations["review_deal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/deals/{dealId}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Protect an open deal for one more window, however often its partner did
         * @description Protect an open deal for one more window, however often its partner did.
         */
        post: operations["renew_deal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List partners
         * @description List partners.
         */
        get: operations["list_affiliates"];
        put?: never;
        /**
         * Make a customer a partner without an application; he is of the type `affiliate`
         * @description Make a customer a partner without an application; he is of the type `affiliate`.
         */
        post: operations["enrol_affiliate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{appId}/affiliates/{affiliateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a partner
         * @description Get a partner.
         */
        get: operations["get_affiliate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Suspend, reactivate or terminate a partner, or change his rate or code
         * @description Suspend, reactivate or terminate a partner, or change his rate or code.
         *
         *     Who is not active brings nobody and earns on no payment made meanwhile; his portal links end. What is available stays payable.
         */
        patch: operations["change_affiliate"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Apply
         * @description An application.
         */
        Apply: {
            /** @description an e-mail address such as partner@example.com */
            email: string;
            /** @description a text of 1 to 200 characters on one line */
            name: string;
            company?: string | null;
            website?: string | null;
            reason?: string | null;
            /**
             * @description an object with a text for each of the project's own questions
             * @default {}
             */
            answers?: {
                [key: string]: string;
            };
        };
        /**
         * ApplyAnswer
         * @description The application; `status` is `pending`, or `approved` where a rule of the project says so.
         */
        ApplyAnswer: {
            id: string;
            status: string;
            message: string;
        };
        /**
         * StatusAnswer
         * @description Whether an address applied, and what became of it.
         */
        StatusAnswer: {
            applied: boolean;
            status?: string | null;
            rejectionReason?: string | null;
            appliedAt?: string | null;
            reviewedAt?: string | null;
            affiliateCode?: string | null;
        };
        /**
         * Balance
         * @description What a partner has in one currency.
         */
        Balance: {
            currency: string;
            totalEarned: number;
            totalEarnedCents: number;
            pendingBalance: number;
            pendingBalanceCents: number;
            availableBalance: number;
            availableBalanceCents: number;
            totalPaid: number;
            totalPaidCents: number;
        };
        /**
         * Partner
         * @description A partner; the figures on top are those in the project's currency, `balances` holds every currency.
         */
        Partner: {
            enrolled: boolean;
            id: string;
            customerId: string;
            code: string;
            type: string;
            status: string;
            commissionRate: number | null;
            totalEarned: number;
            totalEarnedCents: number;
            pendingBalance: number;
            pendingBalanceCents: number;
            availableBalance: number;
            availableBalanceCents: number;
            totalPaid: number;
            totalPaidCents: number;
            currency: string;
            balances: components["schemas"]["Balance"][];
            clicks: number;
            referrals: number;
            conversions: number;
            referralUrl: string;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * Stats
         * @description What the partner's link brought; `conversionRate` is the share of the referrals that pay, in percent.
         */
        Stats: {
            clicks: number;
            referrals: number;
            conversions: number;
            conversionRate: number;
        };
        /**
         * Referral
         * @description Somebody whom the partner brought; the address is masked.
         */
        Referral: {
            id: string;
            customerEmail: string | null;
            status: string;
            /** Format: date-time */
            createdAt: string;
            convertedAt: string | null;
        };
        /**
         * Commission
         * @description What one payment earned; `rate` in percent, null where it is not one plain share.
         */
        Commission: {
            id: string;
            referralId: string;
            amount: number;
            amountCents: number;
            currency: string;
            rate: number | null;
            status: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            approvesAt: string;
            paidAt: string | null;
            voidReason: string | null;
        };
        /**
         * Payout
         * @description A payout; `method` is how the partner is paid, `destination` is masked, `fee` is what it costs the app.
         *
         *         `amountReversed` is what Stripe took back of a part of a paid one: the partner got `amount` less that.
         */
        Payout: {
            id: string;
            affiliateId: string | null;
            customerId: string;
            email: string;
            batchId: string;
            amount: number;
            amountCents: number;
            amountReversed: number;
            amountReversedCents: number;
            currency: string;
            fee: number;
            feeCents: number;
            status: string;
            method: string;
            destination: string;
            reference: string | null;
            failureReason: string | null;
            createdAt: string | null;
            paidAt: string | null;
        };
        /**
         * Deal
         * @description A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency.
         */
        Deal: {
            id: string;
            leadEmail: string;
            leadName: string | null;
            company: string | null;
            companyDomain: string | null;
            notes: string | null;
            estimatedValue: number | null;
            estimatedValueCents: number | null;
            currency: string;
            status: string;
            declineReason: string | null;
            renewals: number;
            /** Format: date-time */
            expiresAt: string;
            wonAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * Terms
         * @description What the program promises now.
         */
        Terms: {
            commissionRate: number | null;
            holdingPeriodDays: number;
            minPayoutAmount: number;
            minPayoutAmountCents: number;
            cookieDurationDays: number;
        };
        /**
         * DashboardAnswer
         * @description Everything that a partner's page shows; the last 50 of each list, newest first.
         */
        DashboardAnswer: {
            affiliate: components["schemas"]["Partner"];
            stats: components["schemas"]["Stats"];
            referrals: components["schemas"]["Referral"][];
            commissions: components["schemas"]["Commission"][];
            payouts: components["schemas"]["Payout"][];
            deals: components["schemas"]["Deal"][];
            settings: components["schemas"]["Terms"];
        };
        /**
         * ReferralsAnswer
         * @description A page of those whom the partner brought.
         */
        ReferralsAnswer: {
            total: number;
            limit: number;
            offset: number;
            referrals: components["schemas"]["Referral"][];
        };
        /**
         * CommissionsAnswer
         * @description A page of the partner's commissions.
         */
        CommissionsAnswer: {
            total: number;
            limit: number;
            offset: number;
            commissions: components["schemas"]["Commission"][];
        };
        /**
         * PortalLinkAnswer
         * @description The link, and until when it works.
         */
        PortalLinkAnswer: {
            url: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /**
         * MagicLink
         * @description Who wants to sign in.
         */
        MagicLink: {
            /** @description an e-mail address such as partner@example.com */
            email: string;
            redirectUrl?: string | null;
        };
        /**
         * SentAnswer
         * @description The request was taken; whether a mail goes out is not told.
         */
        SentAnswer: {
            success: boolean;
            message: string;
        };
        /**
         * Verify
         * @description The token of a mailed link.
         */
        Verify: {
            /** @description the token of a sign-in link */
            token: string;
        };
        /**
         * Customer
         * @description A customer.
         */
        Customer: {
            id: string;
            email: string;
            name: string | null;
            metadata: Record<string, never>;
        };
        /**
         * Entitlements
         * @description What the customer's subscription gives him.
         */
        Entitlements: {
            planName: string | null;
            features: Record<string, never>;
        };
        /**
         * VerifiedAnswer
         * @description The session that a link began, in both documented shapes at once.
         */
        VerifiedAnswer: {
            success: boolean;
            valid: boolean;
            customerId: string;
            email: string;
            sessionToken: string;
            tenantId: string;
            /** Format: date-time */
            expiresAt: string;
            customer: components["schemas"]["Customer"];
            entitlements: components["schemas"]["Entitlements"];
            redirectUrl?: string | null;
        };
        /**
         * SessionAnswer
         * @description Whose session it is.
         */
        SessionAnswer: {
            customer: components["schemas"]["Customer"];
            entitlements: components["schemas"]["Entitlements"];
        };
        /**
         * SignInSettingsAnswer
         * @description How customers of the app sign in.
         */
        SignInSettingsAnswer: {
            autoCreateCustomer: boolean;
            redirectUrls: string[];
        };
        /**
         * ChangeSignInSettings
         * @description What to change.
         */
        ChangeSignInSettings: {
            /** @description true or false */
            autoCreateCustomer?: boolean;
            /** @description a list of up to 20 https addresses, the first of which is the usual one */
            redirectUrls?: string[];
        };
        /**
         * Login
         * @description Who signs in; `code` is that of the second factor, if the person has one.
         */
        Login: {
            /** @description an e-mail address such as partner@example.com */
            email: string;
            /** @description the password */
            password: string;
            code?: string | null;
        };
        /**
         * User
         * @description The person.
         */
        User: {
            id: string;
            email: string;
        };
        /**
         * Tenant
         * @description A team of the person's, and his role in it.
         */
        Tenant: {
            id: string;
            name: string;
            role: string;
        };
        /**
         * LoginAnswer
         * @description The token, which is sent as `Authorization: Bearer`; `expiresAt` is the latest end of its session.
         */
        LoginAnswer: {
            token: string;
            /** Format: date-time */
            expiresAt: string;
            user: components["schemas"]["User"];
            tenants: components["schemas"]["Tenant"][];
        };
        /**
         * TrackClick
         * @description A visitor who came by a partner's link. `landingUrl` is another name of `url`.
         */
        TrackClick: {
            /** @description the partner's code, in any case */
            code: string;
            /** @description the page that was opened, on a host of the app's */
            url: string;
            /** @description the page before it */
            referrer?: string | null;
            /** @description the same visitor as before: 8 to 64 letters, digits, - and _ */
            visitorId?: string | null;
            /** @description the browser's User-Agent */
            userAgent?: string | null;
            /** @description the browser's address; it is not stored */
            ip?: string | null;
        };
        /**
         * TrackedAnswer
         * @description The click; `clickToken` or `referralId` bind a customer to it. `expiresAt` is null where the terms set no window.
         */
        TrackedAnswer: {
            tracked: boolean;
            referralId: string;
            visitorId: string;
            expiresAt: string | null;
            clickToken: string;
        };
        /**
         * Application
         * @description An application; `internalNote` is for the team only.
         */
        Application: {
            id: string;
            email: string;
            name: string;
            company: string | null;
            website: string | null;
            reason: string | null;
            answers: {
                [key: string]: string;
            };
            status: string;
            rejectionReason: string | null;
            internalNote: string | null;
            affiliateId: string | null;
            reviewedBy: string | null;
            reviewedAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * ApplicationsAnswer
         * @description A page of applications, newest first.
         */
        ApplicationsAnswer: {
            total: number;
            limit: number;
            offset: number;
            applications: components["schemas"]["Application"][];
        };
        /**
         * ApplicationAnswer
         * @description One application.
         */
        ApplicationAnswer: {
            application: components["schemas"]["Application"];
        };
        /**
         * Note
         * @description What the team notes; null removes it.
         */
        Note: {
            internalNote?: string | null;
        };
        /**
         * Review
         * @description A decision.
         */
        Review: {
            /**
             * @description approve or reject
             * @enum {string}
             */
            action: "approve" | "reject";
            code?: string | null;
            rejectionReason?: string | null;
            internalNote?: string | null;
        };
        /**
         * Enrolled
         * @description The partner whom an approval made.
         */
        Enrolled: {
            id: string;
            code: string;
            customerId: string;
            status: string;
        };
        /**
         * ReviewedAnswer
         * @description The decided application, and on approval the partner.
         */
        ReviewedAnswer: {
            application: components["schemas"]["Application"];
            affiliate?: components["schemas"]["Enrolled"] | null;
        };
        /**
         * Question
         * @description A question of the application form.
         */
        Question: {
            key: string;
            label: string;
            kind: string;
            required: boolean;
            choices: string[];
        };
        /**
         * Settings
         * @description The settings; `defaultCommissionRate` is in percent, null for a program that pays fixed amounts.
         */
        Settings: {
            enabled: boolean;
            defaultCommissionRate: number | null;
            holdingPeriodDays: number;
            minPayoutAmount: number;
            minPayoutAmountCents: number;
            currency: string;
            cookieDurationDays: number;
            landingUrl: string | null;
            reapplyAfterDays: number | null;
            questions: components["schemas"]["Question"][];
            introduction: string | null;
            autoApproveDomains: string[];
            autoApproveCustomers: boolean;
            applicationUrl: string;
            termsVersion: number | null;
        };
        /**
         * SettingsAnswer
         * @description The program's settings.
         */
        SettingsAnswer: {
            settings: components["schemas"]["Settings"];
        };
        /**
         * GivenQuestion
         * @description A question as it is sent.
         */
        GivenQuestion: {
            key: string;
            label: string;
            /**
             * @default text
             * @enum {string}
             */
            kind?: "text" | "long_text" | "choice";
            /** @default false */
            required?: boolean;
            /** @default [] */
            choices?: string[];
        };
        /**
         * ChangeSettings
         * @description What to change.
         *
         *     Conditions (the first four numbers) are for referrals made from now on (`appliesTo` `new_referrals`, the default), or
         *     for what is paid from `appliesFrom` on (`from_date`). What was earned never changes.
         */
        ChangeSettings: {
            /** @description true or false */
            enabled?: boolean;
            /** @description a number from 0 to 100 with at most two decimals, in percent: 20 is 20 % */
            defaultCommissionRate?: number;
            /** @description a whole number of days */
            holdingPeriodDays?: number;
            /** @description an amount in dollars from 0 to 1000000 with at most two decimals, such as 50 */
            minPayoutAmount?: number;
            /** @description a whole number of days */
            cookieDurationDays?: number;
            /**
             * @description new_referrals or from_date
             * @enum {string}
             */
            appliesTo?: "new_referrals" | "from_date";
            appliesFrom?: string | null;
            landingUrl?: string | null;
            reapplyAfterDays?: number | null;
            /** @description a list of up to 10 questions, each with key, label, kind, required and choices */
            questions?: components["schemas"]["GivenQuestion"][];
            introduction?: string | null;
            /** @description a list of up to 50 domains such as example.com */
            autoApproveDomains?: string[];
            /** @description true or false */
            autoApproveCustomers?: boolean;
        };
        /**
         * MailSettings
         * @description From whom partners get their mails.
         *
         *         `from` and `replyTo` are what stands in them now. `senderAddress` is the address that was chosen, null for that of the
         *         installation; it sends once `senderConfirmedAt` says since when whoever reads that mailbox agrees. It is of one of the
         *         `senderDomains`, for which the server's operator lets it send.
         */
        MailSettings: {
            senderName: string | null;
            senderAddress: string | null;
            senderConfirmedAt: string | null;
            senderDomains: string[];
            from: string;
            replyTo: string | null;
        };
        /**
         * MailSettingsAnswer
         * @description The settings of mails to partners.
         */
        MailSettingsAnswer: {
            settings: components["schemas"]["MailSettings"];
        };
        /**
         * ChangeMailSettings
         * @description What to change; null or an empty text gives the default back.
         *
         *     A `senderAddress` that nobody has confirmed yet is mailed a link that confirms it, each time it is sent.
         */
        ChangeMailSettings: {
            senderName?: string | null;
            replyTo?: string | null;
            senderAddress?: string | null;
        };
        /**
         * TeamCommission
         * @description What one payment earned a partner; of a voided one `amount` is what it would be worth.
         *
         *         `paidAmount` is what payouts took of it: more than `amount` where the payment was refunded afterwards, which the next payout
         *         nets. `paymentId` is null for a write-off, whose reason stands in `writeOffReason`.
         */
        TeamCommission: {
            id: string;
            affiliateId: string | null;
            customerId: string;
            email: string | null;
            referralId: string;
            code: string;
            paymentId: string | null;
            amount: number;
            amountCents: number;
            paidAmount: number;
            paidAmountCents: number;
            currency: string;
            status: string;
            termsVersion: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            approvesAt: string;
            paidAt: string | null;
            voidReason: string | null;
            voidNote: string | null;
            voidedBy: string | null;
            writeOffReason: string | null;
        };
        /**
         * TeamCommissionsAnswer
         * @description A page of commissions, newest first.
         */
        TeamCommissionsAnswer: {
            total: number;
            limit: number;
            offset: number;
            commissions: components["schemas"]["TeamCommission"][];
        };
        /**
         * VoidCommission
         * @description Why a commission counts for nothing.
         */
        VoidCommission: {
            /**
             * @description self_referral, fraud, mistake, agreement or other; the partner sees it
             * @default other
             * @enum {string}
             */
            reason?: "self_referral" | "fraud" | "mistake" | "agreement" | "other";
            /** @description a text of up to 1000 characters, for the team only */
            note?: string | null;
        };
        /**
         * TeamCommissionAnswer
         * @description One commission.
         */
        TeamCommissionAnswer: {
            commission: components["schemas"]["TeamCommission"];
        };
        /**
         * SignalReview
         * @description A signal that somebody brought himself, and what a person made of it.
         */
        SignalReview: {
            id: string;
            referralId: string;
            signal: string;
            status: string;
            evidence: Record<string, never>;
            /** Format: date-time */
            openedAt: string;
            decidedAt: string | null;
            decidedBy: string | null;
            note: string | null;
        };
        /**
         * SignalReviewsAnswer
         * @description A page of the review queue, newest first.
         */
        SignalReviewsAnswer: {
            total: number;
            limit: number;
            offset: number;
            reviews: components["schemas"]["SignalReview"][];
        };
        /**
         * SignalDecision
         * @description What a person made of a signal.
         */
        SignalDecision: {
            /**
             * @description release (it counts for nothing), confirm (the referral is void), or undo either
             * @enum {string}
             */
            decision: "release" | "confirm" | "undo";
            /** @description a text of up to 1000 characters, for the team only */
            note?: string | null;
        };
        /**
         * SignalReviewAnswer
         * @description One review.
         */
        SignalReviewAnswer: {
            review: components["schemas"]["SignalReview"];
        };
        /**
         * Forgive
         * @description How much of a balance below zero is forgiven; `amountCents` left out is all of it.
         */
        Forgive: {
            /** @description three lower-case letters such as usd */
            currency: string;
            /** @description whole minor units, at most what is missing to zero */
            amountCents?: number | null;
            /** @description a text of 1 to 500 characters */
            reason: string;
        };
        /**
         * WriteOff
         * @description What was forgiven: it stands among the partner's commissions as `commissionId`.
         */
        WriteOff: {
            commissionId: string;
            amount: number;
            amountCents: number;
            currency: string;
        };
        /**
         * WriteOffAnswer
         * @description The write-off.
         */
        WriteOffAnswer: {
            writeOff: components["schemas"]["WriteOff"];
        };
        /**
         * Candidate
         * @description Somebody to whom something is owed: `reason` says why he is left out, null if he is paid; `openRefunds` is at most 0.
         */
        Candidate: {
            affiliateId: string | null;
            customerId: string;
            email: string;
            amount: number;
            amountCents: number;
            currency: string;
            availableBalance: number;
            availableBalanceCents: number;
            openRefunds: number;
            openRefundsCents: number;
            commissions: number;
            fee: number;
            feeCents: number;
            method: string | null;
            destination: string | null;
            reason: string | null;
            explanation: string | null;
        };
        /**
         * PreviewAnswer
         * @description Who would be paid, and who is left out and why; `next` is the cursor of the following page, null at the end.
         */
        PreviewAnswer: {
            candidates: components["schemas"]["Candidate"][];
            next: string | null;
        };
        /**
         * Batch
         * @description A batch: preparing, prepared, approved, sent. `payouts` counts what it made, `leftOut` whom it did not pay.
         */
        Batch: {
            id: string;
            status: string;
            payouts: number;
            leftOut: number;
            preparedBy: string;
            approvedBy: string | null;
            createdAt: string | null;
            approvedAt: string | null;
            sentAt: string | null;
        };
        /**
         * BatchesAnswer
         * @description Batches, newest first.
         */
        BatchesAnswer: {
            batches: components["schemas"]["Batch"][];
        };
        /**
         * BatchAnswer
         * @description One batch.
         */
        BatchAnswer: {
            batch: components["schemas"]["Batch"];
        };
        /**
         * FileAnswer
         * @description A file of comma-separated values; `parts` is how many such files hold the whole batch.
         */
        FileAnswer: {
            name: string;
            content: string;
            payouts: number;
            parts: number;
        };
        /**
         * PayoutSettings
         * @description What the program asks before it pays; `minimums` is by currency, in that currency's own unit.
         */
        PayoutSettings: {
            currency: string;
            minimums: {
                [key: string]: number;
            };
            methods: string[];
            taxProfileRequired: boolean;
        };
        /**
         * PayoutSettingsAnswer
         * @description The settings.
         */
        PayoutSettingsAnswer: {
            settings: components["schemas"]["PayoutSettings"];
        };
        /**
         * ChangePayoutSettings
         * @description What to change of the settings.
         */
        ChangePayoutSettings: {
            /** @description an object of amounts by currency, such as {"eur": 50} */
            minimums?: {
                [key: string]: number;
            };
            /** @description an array of bank, paypal, wise, stripe_connect */
            methods?: string[];
            /** @description true or false */
            taxProfileRequired?: boolean;
        };
        /**
         * PayoutsAnswer
         * @description A page of payouts, newest first.
         */
        PayoutsAnswer: {
            total: number;
            limit: number;
            offset: number;
            payouts: components["schemas"]["Payout"][];
        };
        /**
         * Run
         * @description Whom to pay: everybody who is due, or some, and in one currency or in all.
         */
        Run: {
            /** @description an array of 1 to 100 ids of partners; left out, everybody */
            affiliateIds?: string[] | null;
            /** @description three lower-case letters such as usd */
            currency?: string | null;
        };
        /**
         * RunAnswer
         * @description A batch and the first hundred payouts that it made.
         */
        RunAnswer: {
            batch: components["schemas"]["Batch"];
            payouts: components["schemas"]["Payout"][];
        };
        /**
         * PayoutLine
         * @description What a payout takes of a commission; below zero what it keeps back because the commission went down after it was paid.
         */
        PayoutLine: {
            commissionId: string;
            referralId: string;
            paymentId: string;
            amount: number;
            amountCents: number;
            earnedAt: string | null;
        };
        /**
         * PayoutStep
         * @description A step of a payout's way.
         */
        PayoutStep: {
            status: string;
            detail: string | null;
            at: string | null;
        };
        /**
         * WholePayoutAnswer
         * @description One payout with the commissions that it is for and its way.
         */
        WholePayoutAnswer: {
            payout: components["schemas"]["Payout"];
            lines: components["schemas"]["PayoutLine"][];
            steps: components["schemas"]["PayoutStep"][];
        };
        /**
         * Paid
         * @description How a payment by hand is found again.
         */
        Paid: {
            /** @description a text of 1 to 500 characters, such as the bank's number */
            reference: string;
        };
        /**
         * PayoutAnswer
         * @description One payout.
         */
        PayoutAnswer: {
            payout: components["schemas"]["Payout"];
        };
        /**
         * Reason
         * @description Why.
         */
        Reason: {
            /**
             * @description a text of up to 500 characters
             * @default
             */
            reason?: string;
        };
        /**
         * StatementLine
         * @description A movement: `effect` is what it does to what is owed, 0 for one that only moves it.
         */
        StatementLine: {
            type: string;
            amount: number;
            amountCents: number;
            effect: number;
            effectCents: number;
            balance: number;
            balanceCents: number;
            subject: string;
            source: string;
            at: string | null;
        };
        /**
         * Statement
         * @description A month of a partner in one currency, from balance to balance.
         */
        Statement: {
            affiliateId: string | null;
            month: string;
            currency: string;
            openingBalance: number;
            openingBalanceCents: number;
            lines: components["schemas"]["StatementLine"][];
            closingBalance: number;
            closingBalanceCents: number;
            isCut: boolean;
        };
        /**
         * RegisterDeal
         * @description A lead; without `companyDomain` that of the address counts, if it is an organisation's.
         */
        RegisterDeal: {
            /** @description an e-mail address such as partner@example.com */
            leadEmail: string;
            leadName?: string | null;
            notes?: string | null;
            company?: string | null;
            companyDomain?: string | null;
            estimatedValue?: number | null;
        };
        /**
         * DealsAnswer
         * @description A page of deals, newest first.
         */
        DealsAnswer: {
            total: number;
            limit: number;
            offset: number;
            deals: components["schemas"]["Deal"][];
        };
        /**
         * TeamDeal
         * @description A deal as the team sees it; `rivals` are the other open claims on the same company, oldest first.
         */
        TeamDeal: {
            deal: components["schemas"]["Deal"];
            affiliateId: string;
            customerId: string | null;
            reviewedBy: string | null;
            reviewedAt: string | null;
            rivals: components["schemas"]["Deal"][];
        };
        /**
         * TeamDealsAnswer
         * @description A page of deals, newest first.
         */
        TeamDealsAnswer: {
            total: number;
            limit: number;
            offset: number;
            deals: components["schemas"]["TeamDeal"][];
        };
        /**
         * DealSettings
         * @description For how long a deal is protected and how often its partner may renew it.
         */
        DealSettings: {
            enabled: boolean;
            protectionDays: number;
            renewalsMax: number;
        };
        /**
         * ChangeDealSettings
         * @description What to change; deals that exist keep their dates.
         */
        ChangeDealSettings: {
            /** @description true or false */
            enabled?: boolean;
            /** @description a whole number */
            protectionDays?: number;
            /** @description a whole number */
            renewalsMax?: number;
        };
        /**
         * ReviewDeal
         * @description A decision; the partner reads the `reason`.
         */
        ReviewDeal: {
            /**
             * @description accept or decline
             * @enum {string}
             */
            action: "accept" | "decline";
            reason?: string | null;
        };
        /**
         * ListedAffiliate
         * @description A partner in a list; `balances` has an entry for each currency.
         */
        ListedAffiliate: {
            id: string;
            customerId: string;
            email: string;
            name: string | null;
            code: string;
            type: string;
            status: string;
            balances: components["schemas"]["Balance"][];
            referrals: number;
            conversions: number;
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * AffiliatesAnswer
         * @description A page of partners, newest first.
         */
        AffiliatesAnswer: {
            total: number;
            limit: number;
            offset: number;
            affiliates: components["schemas"]["ListedAffiliate"][];
        };
        /**
         * Enrol
         * @description A customer who becomes a partner without an application.
         */
        Enrol: {
            /** @description the id of a customer of this app */
            customerId: string;
            code?: string | null;
        };
        /**
         * AffiliateAnswer
         * @description One partner.
         */
        AffiliateAnswer: {
            affiliate: components["schemas"]["Partner"];
        };
        /**
         * ChangeAffiliate
         * @description What to change; `commissionRate` null gives the program's rate again.
         */
        ChangeAffiliate: {
            /**
             * @description active, suspended or terminated
             * @enum {string}
             */
            status?: "active" | "suspended" | "terminated";
            /** @description 3 to 32 of the letters A to Z, digits, _ and -, such as JANE20 */
            code?: string;
            commissionRate?: number | null;
            /**
             * @description new_referrals or from_date
             * @enum {string}
             */
            appliesTo?: "new_referrals" | "from_date";
            appliesFrom?: string | null;
        };
        /** Error */
        Error: {
            statusCode: number;
            /** @description What is wrong, and what to do. */
            message: string;
            /** @description HTTP's phrase for the status. */
            error: string;
            /** @description A word for programs, such as `VALIDATION_ERROR`. */
            code?: string;
        };
    };
    responses: {
        /** @description Something that was sent is not valid; the message says what. */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no credential, or it is unknown, revoked, expired, or of another kind than this address takes. */
        Error401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The key lacks the scope, the member's role does not reach, or the program is switched off. */
        Error403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It does not exist, or belongs to another app. */
        Error404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It clashes with what is already stored. */
        Error409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many requests in this minute; wait for the seconds in Retry-After. */
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
    apply: {
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
                 *       "email": "partner@example.com",
                 *       "name": "Jane Smith",
                 *       "company": "Acme Inc",
                 *       "website": "https://acme.com"
                 *     }
                 */
                "application/json": components["schemas"]["Apply"];
            };
        };
        responses: {
            /** @description The application; `status` is `pending`, or `approved` where a rule of the project says so. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "apl_8e1xq4m2",
                     *       "status": "pending",
                     *       "message": "Your application was received and is under review."
                     *     }
                     */
                    "application/json": components["schemas"]["ApplyAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    application_status: {
        parameters: {
            query: {
                /**
                 * @description The applicant's address, percent-encoded.
                 * @example partner@example.com
                 */
                email: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether an address applied, and what became of it. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "applied": true,
                     *       "status": "pending",
                     *       "appliedAt": "2026-03-30T12:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StatusAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    partner_by_customer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer, `pc_…`. */
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A partner; the figures on top are those in the project's currency, `balances` holds every currency. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_partner: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A partner; the figures on top are those in the project's currency, `balances` holds every currency. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    dashboard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything that a partner's page shows; the last 50 of each list, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_referrals: {
        parameters: {
            query?: {
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of those whom the partner brought. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferralsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_commissions: {
        parameters: {
            query?: {
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the partner's commissions. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommissionsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    portal_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link, and until when it works. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalLinkAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    send_magic_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app: a project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "partner@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["MagicLink"];
            };
        };
        responses: {
            /** @description The request was taken; whether a mail goes out is not told. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "If this email belongs to a customer, a sign-in link is on its way to it."
                     *     }
                     */
                    "application/json": components["schemas"]["SentAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    verify_by_link: {
        parameters: {
            query: {
                /** @description The token of a mailed link. */
                token: string;
                /** @description `true`: do not use the token up, but send the browser on to the app's configured address with it. */
                redirect?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session that a link began, in both documented shapes at once. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifiedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    verify_magic_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Verify"];
            };
        };
        responses: {
            /** @description The session that a link began, in both documented shapes at once. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifiedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    read_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whose session it is. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request was taken; whether a mail goes out is not told. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    read_sign_in_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How customers of the app sign in. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_sign_in_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSignInSettings"];
            };
        };
        responses: {
            /** @description How customers of the app sign in. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description The token, which is sent as `Authorization: Bearer`; `expiresAt` is the latest end of its session. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    track_click: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrackClick"];
            };
        };
        responses: {
            /** @description The click; `clickToken` or `referralId` bind a customer to it. `expiresAt` is null where the terms set no window. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_applications: {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "pending" | "approved" | "rejected";
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of applications, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The application, `apl_…`. */
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One application. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    note_on_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The application, `apl_…`. */
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Note"];
            };
        };
        responses: {
            /** @description One application. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    review_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app: a project, `proj_…`.
                 * @example proj_8e1xq30m
                 */
                appId: string;
                /**
                 * @description The application, `apl_…`.
                 * @example apl_8e1xq4m2
                 */
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "approve",
                 *       "code": "JANE20"
                 *     }
                 */
                "application/json": components["schemas"]["Review"];
            };
        };
        responses: {
            /** @description The decided application, and on approval the partner. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "application": {
                     *         "id": "apl_8e1xq4m2",
                     *         "email": "partner@example.com",
                     *         "name": "Jane Smith",
                     *         "company": "Acme Inc",
                     *         "website": "https://acme.com",
                     *         "reason": null,
                     *         "answers": {},
                     *         "status": "approved",
                     *         "rejectionReason": null,
                     *         "internalNote": null,
                     *         "affiliateId": "aff_8e1xq5k1",
                     *         "reviewedBy": "user_8e1xq2b7",
                     *         "reviewedAt": "2026-03-30T12:05:00Z",
                     *         "createdAt": "2026-03-30T12:00:00Z"
                     *       },
                     *       "affiliate": {
                     *         "id": "aff_8e1xq5k1",
                     *         "code": "JANE20",
                     *         "customerId": "pc_8e1xq5k0",
                     *         "status": "active"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewedAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    read_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The program's settings. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            /** @description The program's settings. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    read_mail_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings of mails to partners. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_mail_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeMailSettings"];
            };
        };
        responses: {
            /** @description The settings of mails to partners. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_commissions: {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "pending" | "approved" | "paid" | "voided";
                /** @description Only those of this partner. */
                affiliateId?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of commissions, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamCommissionsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    void_commission: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The commission, `rw_…`. */
                commissionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidCommission"];
            };
        };
        responses: {
            /** @description One commission. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamCommissionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    restore_commission: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The commission, `rw_…`. */
                commissionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One commission. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamCommissionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_reviews: {
        parameters: {
            query?: {
                /** @description Only those with this status; left out, `open`. */
                status?: "open" | "released" | "confirmed";
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the review queue, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReviewsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    decide_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The review, `rev_…`. */
                reviewId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignalDecision"];
            };
        };
        responses: {
            /** @description One review. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReviewAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    add_write_off: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The partner, `aff_…`. */
                affiliateId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forgive"];
            };
        };
        responses: {
            /** @description The write-off. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WriteOffAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    preview_payouts: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who would be paid, and who is left out and why; `next` is the cursor of the following page, null at the end. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_payout_batches: {
        parameters: {
            query?: {
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Batches, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_payout_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The batch of payouts, `pob_…`. */
                batchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One batch. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    approve_payout_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The batch of payouts, `pob_…`. */
                batchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One batch. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    send_payout_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The batch of payouts, `pob_…`. */
                batchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One batch. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    export_payout_batch: {
        parameters: {
            query: {
                /** @description Who reads the file. */
                format: "bank" | "paypal" | "wise";
                /** @description One currency a file, such as usd. */
                currency: string;
                /** @description Which part, from 1; a file holds as many rows as its reader takes. */
                part?: string;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The batch of payouts, `pob_…`. */
                batchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file of comma-separated values; `parts` is how many such files hold the whole batch. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_payout_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_payout_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePayoutSettings"];
            };
        };
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutSettingsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_payouts: {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "cancelled" | "failed" | "paid" | "pending" | "processing";
                /** @description Only those of this partner; then `status` does not count. */
                affiliateId?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payouts, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    run_payouts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Run"];
            };
        };
        responses: {
            /** @description A batch and the first hundred payouts that it made. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_payout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The payout, `po_…`. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One payout with the commissions that it is for and its way. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholePayoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    mark_payout_paid: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The payout, `po_…`. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Paid"];
            };
        };
        responses: {
            /** @description One payout. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    cancel_payout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The payout, `po_…`. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description One payout. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    fail_payout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The payout, `po_…`. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description One payout. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    reverse_payout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The payout, `po_…`. */
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description One payout. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_statement: {
        parameters: {
            query?: {
                /** @description Such as 2026-11; left out, the present one. */
                month?: string;
                /** @description Such as usd; left out, the app's. */
                currency?: string;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The partner, `aff_…`. */
                affiliateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A month of a partner in one currency, from balance to balance. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_payouts: {
        parameters: {
            query?: {
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payouts, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_statement: {
        parameters: {
            query?: {
                /** @description Such as 2026-11; left out, the present one. */
                month?: string;
                /** @description Such as usd; left out, the app's. */
                currency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A month of a partner in one currency, from balance to balance. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    own_deals: {
        parameters: {
            query?: {
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deals, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    register_deal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterDeal"];
            };
        };
        responses: {
            /** @description A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    renew_own_deal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The deal, `deal_…`. */
                dealId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_deals: {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "pending" | "accepted" | "declined" | "won" | "expired";
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deals, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamDealsAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    read_deal_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description For how long a deal is protected and how often its partner may renew it. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealSettings"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_deal_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeDealSettings"];
            };
        };
        responses: {
            /** @description For how long a deal is protected and how often its partner may renew it. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealSettings"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_deal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The deal, `deal_…`. */
                dealId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A deal as the team sees it; `rivals` are the other open claims on the same company, oldest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamDeal"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    review_deal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The deal, `deal_…`. */
                dealId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewDeal"];
            };
        };
        responses: {
            /** @description A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    renew_deal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The deal, `deal_…`. */
                dealId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A deal as its partner sees it; `estimatedValue` is in dollars, or in the project's currency. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deal"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    list_affiliates: {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "active" | "suspended" | "terminated";
                /** @description The beginning of an address or a name, or a whole code; then `status` does not count. */
                search?: string;
                /** @description How many rows at most; more than 100 are never given. */
                limit?: number;
                /** @description How many rows to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of partners, newest first. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AffiliatesAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    enrol_affiliate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrol"];
            };
        };
        responses: {
            /** @description One partner. */
            201: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AffiliateAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    get_affiliate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The partner, `aff_…`. */
                affiliateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One partner. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AffiliateAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    change_affiliate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app: a project, `proj_…`. */
                appId: string;
                /** @description The partner, `aff_…`. */
                affiliateId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAffiliate"];
            };
        };
        responses: {
            /** @description One partner. */
            200: {
                headers: {
                    /** @description How many requests a minute this caller may send. */
                    "X-RateLimit-Limit"?: number;
                    /** @description How many are left of them. */
                    "X-RateLimit-Remaining"?: number;
                    /** @description The Unix second at which all of them are there again. */
                    "X-RateLimit-Reset"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AffiliateAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            409: components["responses"]["Error409"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
}
