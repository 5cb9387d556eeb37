"""ClearPoint Clearinghouse: a practice site of a clearinghouse. A single page that talks JSON with its server.

Claims go in as files; reports, a worklist of rejections and a claim editor come back.
"""
