"""What ``gradwatch.torch`` is made of."""
