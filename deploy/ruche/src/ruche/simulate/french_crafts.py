"""What people ask, answer and show about each skill, in French."""

from ruche.simulate.language import Craft

CRAFTS = (
    Craft(
        slug="electricite",
        label="réparation électrique",
        things=(
            ("Lampe de bureau", "ma lampe de bureau"),
            ("Vieille radio", "ma vieille radio"),
            ("Perceuse", "ma perceuse"),
            ("Guirlande lumineuse", "la guirlande du balcon"),
        ),
        faults=(
            "fait sauter le disjoncteur",
            "ne s'allume plus",
            "s'éteint au bout de cinq minutes",
            "marche une fois sur deux",
            "grésille dès qu'on touche au cordon",
        ),
        tried=(
            "J'ai essayé une autre prise, même résultat.",
            "Le fusible a l'air bon.",
            "J'ai débranché et regardé le cordon, rien de visible.",
        ),
        how=(
            ("Quel multimètre pour débuter ?", "Je voudrais mesurer une tension et tester des fusibles, pas plus."),
            ("Changer un interrupteur de lampe", "L'ancien n'a que deux fils, le neuf a trois bornes. Où brancher ?"),
        ),
        advice=(
            "Commence par mesurer la continuité du cordon, appareil débranché : c'est la panne la plus fréquente.",
            "Regarde l'interrupteur, il s'oxyde avec le temps. Un coup de bombe contact suffit souvent.",
            "Ouvre, toujours débranché, et cherche une soudure terne ou un fil qui a chauffé.",
            "Si le disjoncteur saute, teste à l'ohmmètre entre la terre et chaque broche de la fiche.",
        ),
        shown=("Une lampe des années soixante qui éclaire de nouveau, avec un cordon textile neuf.",),
        experience="Dix ans de dépannage de petites lampes et de radios",
    ),
    Craft(
        slug="couture",
        label="Couture",
        things=(
            ("Machine à coudre", "ma machine à coudre"),
            ("Surjeteuse", "ma surjeteuse"),
            ("Machine à pédale", "la machine à pédale de ma grand-mère"),
        ),
        faults=(
            "saute des points",
            "casse le fil toutes les deux minutes",
            "fait des boucles sous le tissu",
            "n'entraîne plus le tissu",
            "bloque dès que le tissu est épais",
        ),
        tried=(
            "J'ai changé l'aiguille et refait l'enfilage.",
            "J'ai tout nettoyé autour de la canette, sans effet.",
            "J'ai joué sur la tension, ça ne change rien.",
        ),
        how=(
            ("Remplacer la fermeture d'un blouson", "Faut-il découdre toute la doublure, ou y a-t-il plus simple ?"),
            ("Quel fil pour un sac à dos ?", "La couture d'une bretelle a lâché. Un fil ordinaire tiendra-t-il ?"),
        ),
        advice=(
            "Des boucles dessous, c'est presque toujours le fil du dessus : refais l'enfilage pied levé.",
            "Mets une aiguille neuve adaptée au tissu, une 100 pour du jean, et avance lentement.",
            "Démonte la plaque et brosse les griffes, la bourre s'y tasse sans qu'on la voie.",
            "Une goutte d'huile sur la coursière, puis dix minutes à vide sur une chute de tissu.",
        ),
        shown=("Un jean sauvé par un renfort à l'intérieur, presque invisible.",),
        experience="Retouches pour toute la famille, et des rideaux à la demande",
    ),
    Craft(
        slug="soudure",
        label="soudure",
        things=(
            ("Fer à souder", "mon fer à souder"),
            ("Station de soudage", "ma station de soudage"),
            ("Poste à souder", "mon poste à souder"),
        ),
        faults=(
            "ne chauffe plus assez",
            "donne des soudures ternes",
            "met dix minutes à monter en température",
            "perd le contact quand on bouge le câble",
        ),
        tried=(
            "J'ai nettoyé la pointe à l'éponge.",
            "J'ai changé d'étain, pas mieux.",
            "J'ai resserré toutes les connexions que je voyais.",
        ),
        how=(
            ("Dessouder un composant sans tresse", "Je n'ai qu'un fer et une pompe. Par quel côté commencer ?"),
            ("Étain avec ou sans plomb ?", "Pour réparer de vieux appareils, qu'est-ce que vous prenez ?"),
        ),
        advice=(
            "Une soudure terne vient d'une pièce trop froide : chauffe la patte et la piste, pas l'étain.",
            "Étame la pointe à chaque pause, sinon elle s'oxyde et ne transmet plus rien.",
            "Mets un peu de flux, même bon marché, la différence saute aux yeux.",
            "Vérifie la pince de masse et le câble : s'il chauffe, c'est lui le coupable.",
        ),
        shown=("Un jouet qui chante de nouveau, avec une seule soudure refaite.",),
        experience="Soudure sur circuits, un peu de métal le week-end",
    ),
    Craft(
        slug="velo",
        label="Vélo",
        things=(
            ("Vélo de ville", "mon vélo de ville"),
            ("Vélo pliant", "mon vélo pliant"),
            ("Vélo d'enfant", "le vélo de ma fille"),
            ("VTT d'occasion", "mon VTT d'occasion"),
        ),
        faults=(
            "déraille dans chaque montée",
            "freine mal sous la pluie",
            "grince à chaque tour de pédale",
            "saute une vitesse sur deux",
            "a la roue arrière voilée",
        ),
        tried=(
            "J'ai nettoyé et graissé la chaîne.",
            "J'ai retendu le câble, mais ça revient.",
            "J'ai regardé une vidéo, sans oser toucher à la butée.",
        ),
        how=(
            ("Quelle taille de chambre à air ?", "Sur le pneu je lis 37-622. Qu'est-ce que je dois acheter ?"),
            ("Régler un dérailleur sans pied d'atelier", "Je n'ai qu'un mur et une corde. Comment faites-vous ?"),
        ),
        advice=(
            "Vérifie la patte de dérailleur par l'arrière : si elle est tordue, aucun réglage ne tiendra.",
            "Pose la chaîne sur le petit pignon, règle la butée haute, et seulement ensuite le câble.",
            "Ponce les patins au papier fin et dégraisse la jante à l'alcool, tu verras la différence.",
            "Le grincement vient souvent d'une pédale : démonte, graisse le filetage, resserre.",
        ),
        shown=("Une épave sortie d'une cave, qui roule tous les jours depuis dimanche.",),
        experience="Mécanique vélo en atelier associatif le samedi",
    ),
    Craft(
        slug="electromenager",
        label="électroménager",
        things=(
            ("Lave-linge", "mon lave-linge"),
            ("Aspirateur", "mon aspirateur"),
            ("Cafetière", "ma cafetière"),
            ("Robot de cuisine", "mon robot de cuisine"),
            ("Lave-vaisselle", "le lave-vaisselle"),
        ),
        faults=(
            "ne démarre plus",
            "s'arrête en plein milieu",
            "fait un bruit de ferraille",
            "sent le chaud au bout de deux minutes",
            "clignote et refuse de repartir",
        ),
        tried=(
            "J'ai nettoyé tous les filtres que j'ai trouvés.",
            "J'ai attendu une nuit, débranché, sans changement.",
            "La notice parle d'un code que je ne vois pas.",
        ),
        how=(
            ("Où trouver des charbons de moteur ?", "Les miens sont usés et la marque ne les vend plus."),
            ("Détartrer sans produit cher", "Vinaigre ou acide citrique, et à quelle dose ?"),
        ),
        advice=(
            "Regarde les charbons du moteur : deux vis, et on voit tout de suite s'ils sont usés.",
            "Le plus souvent c'est un petit objet coincé dans la pompe. Vide l'eau et ouvre le bouchon du bas.",
            "Teste le fusible thermique au multimètre, il coûte trois fois rien.",
            "Note le nombre de clignotements : c'est le code de panne, on le trouve dans la notice d'atelier.",
        ),
        shown=("Un aspirateur promis à la benne, remis en route avec un fusible thermique.",),
        experience="Petit électroménager, surtout les moteurs",
    ),
    Craft(
        slug="informatique",
        label="informatique",
        things=(
            ("Ordinateur portable", "mon ordinateur portable"),
            ("Tablette", "ma tablette"),
            ("Vieux PC", "mon vieux PC"),
            ("Téléphone", "mon téléphone"),
        ),
        faults=(
            "ne s'allume plus",
            "redémarre sans prévenir",
            "rame à chaque page",
            "ne tient plus la charge",
            "affiche un écran noir",
        ),
        tried=(
            "J'ai essayé un autre chargeur.",
            "J'ai sauvegardé ce que je pouvais.",
            "J'ai laissé tout débranché une heure.",
        ),
        how=(
            ("Un système léger pour un PC de 2012 ?", "Pour le courrier et quelques pages, rien de plus."),
            ("Changer une batterie collée", "Est-ce risqué de chauffer la coque au sèche-cheveux ?"),
        ),
        advice=(
            "Commence par la mémoire : retire les barrettes, essaie-les une par une.",
            "Un disque SSD d'occasion et la machine repart pour cinq ans, c'est ce qui change le plus.",
            "Dépoussière le ventilateur et change la pâte thermique, la surchauffe explique tout ça.",
            "Regarde si la batterie gonfle ; si oui, ne l'utilise plus et passe à l'atelier.",
        ),
        shown=("Un portable de 2011 reparti sous un système libre pour l'école du quartier.",),
        experience="Remise en état de vieux ordinateurs pour des associations",
    ),
    Craft(
        slug="bois",
        label="bois",
        things=(
            ("Chaise bistrot", "ma chaise bistrot"),
            ("Table de ferme", "la table de la cuisine"),
            ("Tabouret", "mon tabouret"),
            ("Commode", "la commode de l'entrée"),
        ),
        faults=(
            "branle malgré la colle",
            "se fend le long du fil",
            "grince au moindre mouvement",
            "ne tient plus d'aplomb",
        ),
        tried=(
            "J'ai mis de la colle et un serre-joint, ça a tenu un mois.",
            "J'ai resserré les vis, elles tournent dans le vide.",
            "J'ai calé un pied avec du carton, ce n'est pas brillant.",
        ),
        how=(
            ("Quelle finition pour un plan de travail ?", "Huile ou vernis, avec de l'eau et des enfants autour ?"),
            ("Décaper sans abîmer un placage", "Il est très fin sur les bords. Racloir, produit, autre chose ?"),
        ),
        advice=(
            "Gratte toute la vieille colle avant d'en remettre, sinon rien ne prend.",
            "Une vis qui tourne dans le vide ? Deux allumettes collées dans le trou, et on revisse.",
            "Démonte l'assemblage, ajuste avec un copeau, recolle et serre jusqu'au lendemain.",
            "Pour une fente, fais couler une colle fluide et serre en travers, avec des cales.",
        ),
        shown=("Quatre chaises recollées, et la cinquième qui attend son barreau.",),
        experience="Menuiserie le dimanche, surtout des chaises",
    ),
)
