"""The sample programme: one opening told in the city's YAML and lived through the acts that people use, from form to payment."""
