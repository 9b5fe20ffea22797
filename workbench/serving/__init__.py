"""The local API as the rest of the program sees it: on or off, its token, and who asked what when. No HTTP here."""
