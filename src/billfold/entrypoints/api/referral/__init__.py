"""The referral API: `/api/referral/…`, in the words of its published page (contract section 9)."""
