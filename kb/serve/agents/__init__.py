"""What agents are told: replies within a budget of tokens, article text marked as quoted."""
