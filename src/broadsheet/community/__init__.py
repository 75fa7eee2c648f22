"""What people do with papers: votes, comments, submissions, claims, reports, and how they are moderated."""
