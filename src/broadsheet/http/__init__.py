"""What the skins share: kept answers, conditional requests, addresses, paging, posting."""
