"""The API behind the portal's page: `/api/portal/{token}/…`. The token in the path is the whole credential (contract G15)."""
