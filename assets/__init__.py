"""Files the program ships: icons, fonts, theme tokens, the model catalog. Read through `workbench.paths.asset`."""
