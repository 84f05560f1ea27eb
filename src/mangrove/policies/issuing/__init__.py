"""From a draft to a published measure: opinions sought and answered, reviewed twice, decided, numbered, published."""
