"""What is said in the simulated workshop, in French; its core team, relays and channels are the shipped playbook's."""

from ruche.simulate.french_crafts import CRAFTS
from ruche.simulate.language import Channels, Figure, Language, Trouble

_NAMES = (
    "Adèle Adrien Agathe Aïcha Alban Alix Amina Anatole Anouk Antoine Apolline Arthur Aurore Baptiste Basile "
    "Bérénice Blanche Boris Brune Capucine Cécile Charlie Clara Clément Colette Côme Corentin Dalila Damien Diane "
    "Djamel Édith Edgar Élias Éloïse Émile Emma Ernest Esther Étienne Fanny Farid Fatou Félix Flora Florian Gabin "
    "Garance Georges Gilles Hakim Hector Héloïse Henri Hortense Hugo Ibrahim Irène Isaac Jade Joachim Joséphine "
    "Jules Julie Karim Khadija Lancelot Leïla Léon Léonie Lila Linda Loïc Louise Lucas Lucie Madeleine Manon Marius "
    "Marguerite Mariam Mathilde Maxime Mehdi Mona Moussa Nadia Naïm Nathan Nina Noé Nora Octave Odile Olga Oscar "
    "Paloma Pauline Perrine Philippe Quentin Rachid Raphaël Rémi Romane Rose Sacha Salomé Samir Sarah Serge Simon "
    "Suzanne Tanguy Théo Thérèse Tiphaine Ulysse Valentin Véra Victor Violette Wassim Yasmine Yvonne Zélie Zoé"
)

FRENCH = Language(
    code="fr",
    timezones=("Europe/Paris",) * 12 + ("Europe/Brussels", "Europe/Zurich", "Africa/Algiers"),
    other_languages=("en", "en", "ar", "es", "it", "pt"),
    channels=Channels(
        welcome="bienvenue",
        help="entraide",
        introductions="presentations",
        workshops="ateliers",
        general="general",
        team="equipe",
    ),
    populations=("quartier", "quartier", "quartier", "ateliers", "ateliers", "ecole"),
    team=(
        Figure("camille", "Camille", ("bois",), "L'accueil et la vie de l'atelier", "quartier"),
        Figure("malik", "Malik", ("electricite", "electromenager"), "L'électricité et la sécurité", "ateliers"),
        Figure("jeanne", "Jeanne", ("couture",), "Les rencontres et les partenaires", "ateliers"),
    ),
    relays=(
        Figure("ines", "Inès", ("couture", "electromenager"), "Couture et petites pannes, depuis toujours", "quartier"),
        Figure("gaspard", "Gaspard", ("velo", "soudure"), "Mécanique vélo et métal", "ateliers"),
        Figure("solene", "Solène", ("informatique", "electricite"), "Vieux ordinateurs et lampes", "quartier"),
        Figure("yanis", "Yanis", ("bois", "velo"), "Chaises le matin, vélos le soir", "quartier"),
    ),
    sponsor=Figure("helene", "Hélène", (), "Maison de quartier, qui prête les locaux", "quartier"),
    bot=("minuteur", "Minuteur"),
    names=tuple(_NAMES.split()),
    crafts=CRAFTS,
    breakdown_title="{Thing} qui {fault}",
    greetings=("Bonjour à toutes et à tous,", "Bonjour,", "Salut tout le monde,", "Bonsoir,", "Hello,", ""),
    since=(
        " depuis hier soir",
        " depuis une semaine",
        " depuis le déménagement",
        " depuis ce matin",
        ", et de plus en plus souvent",
        "",
        "",
    ),
    asks=(
        "Quelqu'un a une idée ?",
        "Par où commencer, à votre avis ?",
        "Est-ce que ça se répare, ou vaut-il mieux chercher une pièce ?",
        "Qui a déjà vu ça ?",
        "Vous feriez quoi à ma place ?",
        "Quelqu'un sait ce qu'il faut vérifier en premier ?",
    ),
    closings=("Merci d'avance !", "Merci à vous.", "Je peux venir samedi avec.", "J'ajoute une photo ce soir.", "", ""),
    urgent="J'en ai besoin demain, alors toute piste est bonne à prendre.",
    openings=(
        "J'ai eu la même chose l'an dernier.",
        "À mon avis c'est réparable.",
        "Bonne nouvelle, ça se répare.",
        "",
    ),
    last_words=(
        "Dis-nous ce que ça donne.",
        "Si tu bloques, passe samedi, on regardera ensemble.",
        "Prends une photo avant de démonter.",
        "Vas-y doucement, rien ne presse.",
        "",
        "",
    ),
    me_too=("Pareil ici.", "+1", "Moi aussi, je suis la discussion.", "up"),
    thanks=(
        "Merci !",
        "Merci {name}, c'était bien ça.",
        "Un grand merci, ça marche de nouveau.",
        "Merci beaucoup, je n'y aurais pas pensé.",
        "Merci {name} ! Réparé en un quart d'heure.",
    ),
    follow_ups=(
        (
            "Merci, j'essaie ce week-end. Il faut un outil particulier ?",
            "Rien de spécial : un petit tournevis, une lampe et un peu de patience.",
        ),
        (
            "J'ai regardé, et je ne vois rien d'anormal. Que puis-je tester ensuite ?",
            "Reprends depuis le début, une chose à la fois, et note ce qui change. Samedi on aura de quoi mesurer.",
        ),
        (
            "D'accord, mais comment m'y prendre sans rien casser ?",
            "Photographie chaque étape et ne force jamais : si ça résiste, il reste une vis cachée.",
        ),
        (
            "Ça va un peu mieux, sans être parfait. Je continue dans cette direction ?",
            "Oui, tu es sur la bonne piste. Recommence une fois, plus lentement.",
        ),
    ),
    comments=(
        "Bonne question, je demande autour de moi.",
        "On en parlait justement l'autre jour à l'atelier.",
        "J'ai peut-être ça au garage, je regarde.",
        "Je note, merci pour le message.",
        "On s'en occupe ensemble samedi ?",
        "Je passe vers quinze heures, on en parle.",
        "Bien dit.",
        "Compte sur moi.",
        "Il en reste ? Ça m'intéresse.",
    ),
    praise=(
        "Beau travail, ça donne envie de s'y mettre.",
        "Tu as des photos d'avant ?",
        "Ça me rappelle une bouilloire de l'hiver dernier.",
        "Chez moi la même méthode a bien marché.",
        "Combien de temps ça t'a pris ?",
        "Bien joué, je garde l'idée.",
        "Et dire que ça partait à la benne.",
    ),
    edited="Précision : c'est un modèle d'une dizaine d'années.",
    presentation_title="Petit mot en arrivant",
    presentations=(
        "Bonjour, moi c'est {name}. J'habite à côté et j'aimerais apprendre à réparer au lieu de jeter.",
        "Salut, {name} ici. Je m'y connais un peu en {craft}, et pour le reste je viens apprendre.",
        "Bonjour à toutes et à tous. J'ai une caisse d'objets en panne et un peu de temps le samedi. {name}",
        "Hello, je m'appelle {name}. J'ai découvert le lieu par un voisin et l'ambiance m'a plu.",
        "Bonsoir, {name}. Je bricole dans mon coin ({craft} surtout) et j'ai envie de le faire à plusieurs.",
    ),
    welcomes=(
        "Bienvenue {name} ! Passe samedi, il y aura du café.",
        "Bienvenue {name}. Si tu as une panne en cours, pose la question dans entraide.",
        "Tant mieux, on manquait de bras. Bienvenue {name} !",
        "Salut {name}, on a le même genre de caisse à la maison. Tu commences par quoi ?",
        "Bienvenue ! On s'est peut-être vus à la fête de quartier.",
    ),
    chatter=(
        "Quelqu'un sait si la ressourcerie ouvre lundi ?",
        "J'ai trois mètres de câble textile en trop, si ça tente quelqu'un.",
        "Le repas de samedi était très bon, merci à la cuisine.",
        "Qui aurait une clé de 15 à prêter cette semaine ?",
        "Petite victoire du jour : une bouilloire sauvée avec une goutte d'alcool à brûler.",
        "On pourrait faire une liste des pièces qu'on a en double, non ?",
        "Je passe à la déchetterie jeudi, je récupère des moteurs pour qui en veut.",
        "Le prochain atelier sera plein, pensez à réserver.",
        "Vous avez vu les vieux postes de radio exposés à la médiathèque ?",
        "Je cherche des bocaux pour trier les vis, tous formats.",
    ),
    shown_titles=("Réparé !", "Avant, après", "Encore un de sauvé", "Fierté du week-end"),
    feedback=(
        ("Un créneau en soirée", "Le samedi je travaille. Un soir par mois m'irait bien, et sans doute à d'autres."),
        ("Étiqueter les tiroirs", "On perd dix minutes à chercher les vis. Des étiquettes aideraient tout le monde."),
        ("Une lampe au-dessus de l'établi", "Passé dix-sept heures on n'y voit plus rien au fond de la salle."),
        ("Prêter les multimètres", "J'aimerais en emprunter un pour la semaine, contre une caution."),
    ),
    feedback_answers=(
        "Bonne idée, on s'en occupe ce mois-ci.",
        "Oui, mais après les travaux du printemps.",
        "Nous avons essayé l'an dernier et trop peu de monde s'en servait.",
    ),
    kudos=(
        "pour le temps passé à expliquer",
        "pour ton aide de samedi",
        "pour la patience avec ma machine",
        "pour l'accueil des nouvelles têtes",
    ),
    announcements=(
        (
            "Le programme de la semaine",
            "Atelier samedi de 14 h à 17 h 30. Venez avec un objet, repartez avec un savoir.",
        ),
        ("Nouvel établi", "L'établi du fond est monté. Il reste à fixer les étaux, et les bras manquent un peu."),
        ("Clés et fermeture", "Le soir, la dernière personne éteint le compresseur et note l'heure sur le cahier."),
    ),
    polls=(
        ("Quel thème pour le prochain atelier ?", "Vélo, couture, petit électroménager ou informatique : votez ici."),
        ("À quelle heure ouvrir le samedi ?", "Treize heures, quatorze heures ou toute la journée ?"),
    ),
    meetups=("Atelier du samedi", "Après-midi vélos", "Café réparation", "Couture à plusieurs"),
    tasks=(
        ("Trier les chargeurs donnés", "informatique"),
        ("Réviser les deux vélos de prêt", "velo"),
        ("Recoudre les tabliers de l'atelier", "couture"),
        ("Contrôler les rallonges", "electricite"),
        ("Refaire le plateau de l'établi", "bois"),
    ),
    team_words=(
        "Point rapide : les clés sont chez le gardien, j'ouvre samedi.",
        "Il faudra racheter de l'étain et des fusibles, je fais la liste.",
        "La mairie confirme la salle jusqu'en juin.",
        "Qui est là mardi pour recevoir le matériel donné ?",
    ),
    reminders=("Rappel : l'atelier ouvre samedi à 14 h.", "Rappel : pensez à rapporter les outils empruntés."),
    news=(
        ("Un indice de réparabilité pour les lave-linge", "https://exemple.invalid/indice", "electromenager"),
        ("Des pistes cyclables et des ateliers en ville", "https://exemple.invalid/pistes", "velo"),
        ("Que deviennent nos vieux téléphones ?", "https://exemple.invalid/telephones", "informatique"),
    ),
    promise="dix multimètres pour l'atelier",
    promised="salle",
    sponsor_words=("La maison de quartier est heureuse de voir ce lieu vivre. Les multimètres sont commandés.",),
    nomination="aide déjà depuis la préparation du lieu",
    advocacy="a présenté l'atelier à la fête de l'école",
    mended="objects",
    programme="fiche-de-reparation",
    spam_names=("bons-plans", "gain-rapide", "promo-flash", "top-credit", "super-deal"),
    spam=(
        "Gagnez de l'argent depuis chez vous, cliquez vite !!!",
        "Montres de luxe à prix cassé, stock limité, premier arrivé premier servi",
        "Crédit accordé en cinq minutes sans justificatif, contactez-moi en privé",
    ),
    flags=("spam", "publicité"),
    troubles=(
        Trouble(
            tag="reservation",
            title="Réservation impossible",
            complaints=(
                "Impossible de réserver pour samedi, la page tourne dans le vide. C'est agaçant.",
                "Ma réservation a disparu sans un mot. J'avais posé mon après-midi pour ça.",
                "Le site me dit complet alors que la salle est à moitié vide, ça ne va pas du tout.",
                "J'ai reçu trois confirmations puis une annulation. On ne sait plus où on en est.",
                "Encore une erreur au moment de valider. C'est la quatrième fois, je laisse tomber.",
                "Même problème ici : plus aucun créneau, et personne ne répond au téléphone.",
                "Ce n'est pas la première fois. Quand est-ce que ce sera réparé pour de bon ?",
                "On m'a demandé de réserver, j'ai réservé, et mon nom n'est sur aucune liste.",
                "Franchement décevant, ce site : deux heures perdues pour une place.",
            ),
            answers=(
                "Merci de l'avoir signalé. On voit le problème et on cherche, je reviens avant ce soir.",
                "C'est de notre côté, pas du vôtre. Venez samedi comme prévu, on notera les noms à l'entrée.",
            ),
            end="La réservation marche de nouveau. Les places perdues sont rendues. Pardon pour le temps perdu.",
        ),
        Trouble(
            tag="horaires",
            title="Porte fermée ce soir",
            complaints=(
                "Je suis devant la porte et c'est fermé. Personne n'a prévenu ?",
                "Une heure de trajet pour rien. Les horaires affichés sont faux.",
                "On est cinq à attendre dehors sous la pluie, c'est vraiment pénible.",
                "Encore un changement d'horaire sans un mot. Ça devient lassant.",
                "J'avais apporté ma machine à bout de bras, et il n'y a personne.",
                "La page annonce dix-huit heures, la porte dit le contraire. Qui croire ?",
            ),
            answers=(
                "C'est notre faute : la serrure est bloquée et le message n'est pas parti. On arrive.",
                "Merci de votre patience, je vous tiens au courant ici toutes les demi-heures.",
            ),
            end="La porte est ouverte et les horaires sont corrigés partout. Pardon pour l'attente de tout à l'heure.",
        ),
    ),
    complaints=(
        (
            "Un outil rendu cassé",
            "J'ai trouvé la perceuse sans mandrin dans sa boîte. C'est pénible pour les suivants.",
        ),
        ("Trop de bruit près de l'entrée", "On ne s'entend plus quand le compresseur tourne, franchement c'est raté."),
    ),
)
