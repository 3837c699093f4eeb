"""Who is there: principals, how they prove themselves, and what they are granted."""
