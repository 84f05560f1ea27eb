"""Who may open which page and take which act: declared by each room in its ``reach.yaml``, one line a route.

The table is generated from there and from the workflow tables; ``tests/reach`` asks every route as every role and
fails where the house answers otherwise, and where a route is not declared.
"""
