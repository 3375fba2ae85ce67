ABOUT="x"
TAGS={"ask":"a","read":"b","openai":"c","watch":"d"}
CHINESE={}
API_TEXTS={}
