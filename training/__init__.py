"""How the encoder in models/gongwen-static was made: pairs -> vocabulary -> static embedding -> figures."""
