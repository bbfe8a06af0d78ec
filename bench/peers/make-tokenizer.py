"""Makes a tokenizer that needs no network: make-tokenizer.py FOLDER

One token a word, so that a random prompt of n tokens is read back as n tokens whoever counts them.
"""
import sys

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

words = 4000
special = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
vocabulary = {text: index for index, text in enumerate([*special.values(), *(f"w{word}" for word in range(words))])}
tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=special["unk_token"]))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
made = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
# A chat is its messages and nothing else, so that it counts no more tokens than they do.
made.chat_template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
made.save_pretrained(sys.argv[1])
