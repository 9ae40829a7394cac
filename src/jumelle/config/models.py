"""No models: the file makes Django send `post_migrate` to this app, which then installs every trigger."""
