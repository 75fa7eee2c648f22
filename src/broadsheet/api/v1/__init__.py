"""Our own JSON API, version 1: all that the site shows. A module holds the routes of a thing."""
