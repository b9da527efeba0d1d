"""Evidence at the boundary: typed records, absence with its reason, readers, and the facts a policy may use."""
