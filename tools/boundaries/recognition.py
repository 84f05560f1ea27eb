PLANS = []
