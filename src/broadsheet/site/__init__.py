"""What makes it one site: settings, URLs, WSGI, security headers, logging, metrics, health."""
