"""Answers to requests of people, as they were handed out."""
