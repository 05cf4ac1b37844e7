"""What happened to every delivery: its receipts, and the accepted rows behind them."""
