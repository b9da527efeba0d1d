"""What an evaluation means to people: the decision, its explanation, and the view an audience has of it."""
