"""What the process tells about itself: log lines now; metrics and traces later."""
