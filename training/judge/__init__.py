"""The written questions and the lines that are found for them in, a small attentive network that judges lines out."""
