# Shortens the output of `go test -v`: a line for each package and, for one
# that fails, all that it said except what concerns tests that passed.
/^(=== |[ ]*--- PASS|PASS$|\?)/ { next }
/^ok / { print; said = ""; fflush(); next }
/^FAIL\t/ { printf "%s%s\n", said, $0; said = ""; fflush(); next }
/no test files/ { next }
{ said = said $0 "\n" }
END { printf "%s", said }
