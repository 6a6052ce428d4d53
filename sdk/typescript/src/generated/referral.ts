// Generated from docs/api/referral.openapi.json by `npm run generate`; edits are lost.

export interface paths {
    "/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the user's referral link
         * @description The code is made at the first call and stays the same: 8 upper-case hexadecimal characters.
         */
        get: operations["getLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/convert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Convert a referral code
         * @description Called while a newcomer registers, without a token. `converted` says whether this very call converted: the same address again, an unknown code and the owner's own address are not.
         */
        post: operations["convert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the user's referral statistics
         * @description `totalReferrals` counts every state, `totalRewards` sums what was really awarded.
         */
        get: operations["getStats"];
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
        ReferralLink: {
            code: string;
            /** Format: uri */
            link: string;
        };
        Conversion: {
            converted: boolean;
            referrerId: string | null;
        };
        ReferralStats: {
            totalReferrals: number;
            convertedReferrals: number;
            pendingReferrals: number;
            totalRewards: number;
        };
        ReferralLinkAnswer: {
            /** @constant */
            success: true;
            data: components["schemas"]["ReferralLink"];
        };
        ConversionAnswer: {
            /** @constant */
            success: true;
            data: components["schemas"]["Conversion"];
        };
        ReferralStatsAnswer: {
            /** @constant */
            success: true;
            data: components["schemas"]["ReferralStats"];
        };
        Convert: {
            referralCode: string;
            email: string;
        };
        Error: {
            /** @constant */
            success: false;
            error: string;
        };
    };
    responses: {
        /** @description Something in the body is not valid (`Validation error: …`), or which project is meant cannot be told. */
        Error400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The token is missing or proves nothing. */
        Error401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The project has no program for sign-ups. */
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
        /** @description The body is larger than 2 KiB. */
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
        /** @description The body is not JSON, or is compressed. */
        Error415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too many requests; wait for the seconds in Retry-After. */
        Error429: {
            headers: {
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
        /** @description The database does not answer, or something else went wrong on our side. */
        Error500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description The login's keys cannot be fetched now; try again after the seconds in Retry-After. */
        Error503: {
            headers: {
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
    getLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "data": {
                     *         "code": "A1B2C3D4",
                     *         "link": "https://app.creatiq.com/login?ref=A1B2C3D4"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralLinkAnswer"];
                };
            };
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
    convert: {
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
                 *       "referralCode": "A1B2C3D4",
                 *       "email": "newuser@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["Convert"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "data": {
                     *         "converted": true,
                     *         "referrerId": "pc_06bz3k9qj1w8"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ConversionAnswer"];
                };
            };
            400: components["responses"]["Error400"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "data": {
                     *         "totalReferrals": 1,
                     *         "convertedReferrals": 1,
                     *         "pendingReferrals": 0,
                     *         "totalRewards": 5
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralStatsAnswer"];
                };
            };
            401: components["responses"]["Error401"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            503: components["responses"]["Error503"];
        };
    };
}
