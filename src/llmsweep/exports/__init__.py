"""What was found, in the words of others: settings for the programs that use a model, attempts for those that read results."""
