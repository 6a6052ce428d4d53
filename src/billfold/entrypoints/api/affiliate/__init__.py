"""The affiliate API: `/v1/affiliate/…`, `/v1/apps/{appId}/…` and `/v1/auth/login` (contract affiliate.md).

An *app* in the words of this surface is a project of ours.
"""
