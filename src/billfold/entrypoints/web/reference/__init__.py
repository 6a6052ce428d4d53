"""The reference of the three APIs: pages made from the OpenAPI documents that the server gives, without another origin."""
