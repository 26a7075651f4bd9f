"""Whether and where this person may be needled: what is known, what was not asked, what the rules say."""
