"""Pure values shared by every part: standard library and pyarrow only, imports nothing of ours."""
