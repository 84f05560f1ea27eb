"""Claims: what one firm asks for under one scheme, from acceptance to the plan, with its checks and judgements."""
