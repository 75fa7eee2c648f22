"""The API of Hugging Face's Daily Papers, as `huggingface_hub` reads it: its addresses, fields and errors.

Facts from the client's source (https://github.com/huggingface/huggingface_hub) and the service's OpenAPI
description; nothing here is ours to name.
"""
