"""Letters of other bureaus (来函): read by rules, confirmed and corrected by an officer, filed; their promises followed.

The names inside are those of a room: models, access, workflow, decisions, actions, forms, tables, views, urls.
"""
