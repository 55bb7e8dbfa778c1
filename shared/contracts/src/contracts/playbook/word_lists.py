"""Word lists of the defaults, French and English. They are compared folded: no case, no accents."""

CALL = (
    *("je cherche", "je recherche", "quelqu'un sait", "quelqu'un connaît", "quelqu'un a", "quelqu'un aurait"),
    *("qui sait", "qui connaît", "je n'arrive pas", "j'arrive pas", "je ne comprends pas", "je comprends pas"),
    *("je ne trouve pas", "je suis bloqué", "je suis bloquée", "besoin d'aide", "un coup de main", "une idée"),
    *("des idées", "auriez-vous", "pouvez-vous", "pourriez-vous", "peux-tu", "un conseil", "des conseils"),
    *("savez-vous", "sauriez-vous", "avez-vous", "merci d'avance", "au secours"),
    *("any idea", "any ideas", "any advice", "any tips", "how do i", "how can i", "how would i", "does anyone"),
    *("does anybody", "has anyone", "has anybody", "can anyone", "can someone", "can somebody", "could someone"),
    *("looking for", "i can't", "i cannot", "i'm stuck", "i am stuck", "i don't understand", "need help"),
    *("help me", "what am i doing wrong", "is it possible", "is there a way", "thanks in advance"),
)
QUESTION = (
    *("comment", "pourquoi", "quand", "où", "qui", "que", "quoi", "quel", "quelle", "quels", "quelles", "combien"),
    *("est-ce que", "est-ce qu'", "qu'est-ce", "lequel", "laquelle", "lesquels", "lesquelles"),
    *("how", "why", "when", "where", "who", "what", "which", "whose", "is there", "are there", "should i"),
)
GREETING = (
    *("bonjour", "bonsoir", "salut", "coucou", "hello", "bonne journée", "bonne soirée", "bon week-end", "à bientôt"),
    *("cordialement", "bien à vous", "bien à toi", "amicalement", "ça va", "comment ça va", "comment allez-vous"),
    *("comment vas-tu", "vous allez bien", "tu vas bien", "hi", "hey", "good morning", "good evening", "how are you"),
    *("how are you all", "regards", "best regards", "kind regards", "cheers", "best"),
)
THANKS = (
    *("merci", "mille mercis", "ça marche", "ça fonctionne", "c'est bon", "c'est réglé", "c'est résolu", "résolu"),
    *("nickel", "super ça marche", "problème résolu", "thanks", "thank you", "thx", "cheers", "that worked"),
    *("it works", "works now", "solved", "fixed", "that did it", "perfect"),
)
COMPLAINT = (
    *("inadmissible", "scandaleux", "scandaleuse", "honteux", "honteuse", "arnaque", "escroquerie", "remboursement"),
    *("remboursez", "je porte plainte", "porter plainte", "réclamation", "inacceptable", "ras le bol", "marre de"),
    *("foutage de gueule", "service nul", "très déçu", "très déçue", "je résilie", "toujours en panne"),
    *("scam", "rip-off", "ripoff", "refund", "unacceptable", "outrageous", "disgraceful", "fed up", "complaint"),
    *("worst service", "terrible service", "i want my money back", "still broken", "cancelling my"),
)
CARE = (
    *("suicide", "suicider", "me suicider", "me tuer", "en finir", "envie de mourir", "plus envie de vivre"),
    *("me faire du mal", "automutilation", "il me frappe", "elle me frappe", "me bat", "violences conjugales", "viol"),
    *("violée", "violé", "harcèlement", "je suis en danger", "overdose"),
    *("kill myself", "killing myself", "suicidal", "end my life", "want to die", "self harm", "self-harm"),
    *("hurt myself", "he hits me", "she hits me", "domestic violence", "raped", "i am in danger", "i'm in danger"),
)
