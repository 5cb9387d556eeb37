"""ClearPoint Clearinghouse: reports, the worklist of rejections, the claim editor."""
