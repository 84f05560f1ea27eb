"""What can be applied for (扶持事项), as data: which clause pays, which form asks, which checks come before."""
