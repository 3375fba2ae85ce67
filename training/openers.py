"""The words with which people ask, put to queries cut out of a passage, so that they come to weigh little."""

CHINESE = (
    "是什么 是多少 有多少 怎么办 怎么规定的 有哪些 有哪些规定 有什么要求 由谁负责 哪个部门负责 谁来 要多久 "
    "多长时间 几天 什么时候 多久一次 可以吗 能不能 是否可以 是不是 吗 呢 请问 如何 怎样 哪些 为什么 几个 "
    "需要什么 应该怎么 在哪里 到什么时候 最多 至少"
).split()
ENGLISH = (
    "what is the|what are the|what does it say about|how many|how much|how often is|how often does|how long|"
    "how many days|how do I|how should|how is|who is|who is responsible for|who may|which department|"
    "which bureau handles|when is|when must|by when|where is|where can I|is it|is there a|can I|may|must|"
    "are there|does the|do I need|why|what happens if|please tell|at most|at least|what are the rules on|"
    "according to the"
).split("|")
