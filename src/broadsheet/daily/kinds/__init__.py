"""The readers of lists, a module for each thing that lists are made of; `daily.lists` calls them."""
