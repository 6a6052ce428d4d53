"""The client of a Billfold server, waiting (`Billfold`) and awaiting (`AsyncBillfold`)."""

from billfold_sdk.asynchronous.client import AsyncBillfold
from billfold_sdk.asynchronous.listing import AsyncListing
from billfold_sdk.asynchronous.stackbe import AsyncStackBE
from billfold_sdk.asynchronous.user_referrals import AsyncUserReferrals
from billfold_sdk.errors import (
    AuthenticationError,
    BillfoldError,
    ConflictError,
    ConnectionFailedError,
    InsufficientCreditsError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    WebhookVerificationError,
)
from billfold_sdk.synchronous.client import Billfold
from billfold_sdk.synchronous.listing import Listing
from billfold_sdk.synchronous.stackbe import StackBE
from billfold_sdk.synchronous.user_referrals import UserReferrals
from billfold_sdk.webhooks import WebhookEvent, verify_webhook

__all__ = [
    "AsyncBillfold",
    "AsyncListing",
    "AsyncStackBE",
    "AsyncUserReferrals",
    "AuthenticationError",
    "Billfold",
    "BillfoldError",
    "ConflictError",
    "ConnectionFailedError",
    "InsufficientCreditsError",
    "InvalidRequestError",
    "Listing",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServerError",
    "StackBE",
    "UserReferrals",
    "WebhookEvent",
    "WebhookVerificationError",
    "verify_webhook",
]
