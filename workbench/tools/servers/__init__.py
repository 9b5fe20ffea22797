"""Servers of the Model Context Protocol: programs and addresses that offer tools."""
