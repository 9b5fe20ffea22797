"""What the window knows of providers: settings, spending, and the sheet that asks before something leaves."""
