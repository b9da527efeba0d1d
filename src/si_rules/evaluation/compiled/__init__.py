"""The compiler: a policy at two dates as Python functions over prepared records. It means what the interpreter means."""
