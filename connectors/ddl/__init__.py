"""Schemas before they exist: SQL schema and migration files, and Prisma schemas."""
