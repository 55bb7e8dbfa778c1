"""Ready stories: for each main decision of the four services, the shortest run of facts that leads to it."""
