"""Official documents: compose a letter, set it as PDF and DOCX, check the printed page against GB/T 9704."""
