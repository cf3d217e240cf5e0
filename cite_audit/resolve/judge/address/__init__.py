"""What an address tells by itself, and which other addresses are worth a look."""
