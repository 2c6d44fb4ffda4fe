import type { Book } from './book.js';

/** Names that begin with a vowel, or with an h that nobody hears: `d’Emma`, `qu’Hugo`. */
const ELIDING = /^[aeiouàâäéèêëîïôöùûüœæh]/i;

export const french: Book = {
  openings: [
    'Dans une maison au bout d’une ruelle tranquille vivait un enfant du nom {de_name}{portrait}. Rien n’échappait à son regard : [un escargot sur un portail|une plume sur le chemin], un nuage en forme [de théière|d’ours endormi], la première étoile du soir.',
    'Pas très loin d’ici, derrière une porte [verte|bleue], vit un enfant qui s’appelle {name}{portrait}. Le jour de cette histoire, quelque chose allait commencer, même si le matin n’en disait rien à personne.',
    'Voici l’histoire {de_name}{portrait}. C’est une histoire qui commence sans bruit, par un jour [comme tous les autres|simple comme une tartine], et qui finit bien au chaud, les yeux fermés.',
    'Il était une fois un enfant du nom {de_name}{portrait}. {name} avait les poches pleines de [cailloux lisses|glands et de ficelle], la tête pleine de questions, et l’impression que ce jour-là ne ressemblerait pas à la veille.',
  ],
  traits: {
    brave: [
      'Le cœur {de_name} battit un peu plus vite. Mais avoir du courage, ce n’est pas ne jamais avoir peur : c’est faire un petit pas quand même. Alors {name} respira bien fort et fit un petit pas. Le deuxième fut déjà plus facile.',
      'Il aurait été facile de faire demi-tour. {name} y pensa un instant, puis redressa la tête. Les gens courageux ont aussi les genoux qui tremblent, disait toujours Grand-mère. Simplement, ils emmènent leurs genoux avec eux.',
    ],
    kind: [
      '{name} fit ce que font d’abord les cœurs bienveillants : s’asseoir tout près et écouter. Sans hâte, sans grands discours, juste avec une main chaude et assez de temps. Parfois, c’est déjà la moitié de l’aide.',
      '« Nous y arriverons ensemble », dit {name} de sa voix la plus douce. Et, chose étrange, au mot « ensemble », tout parut un peu moins difficile, comme si quelqu’un avait ouvert une fenêtre.',
    ],
    curious: [
      '{name} avait au moins sept questions à la fois. Comment était-ce arrivé ? Qu’y avait-il dessous ? Que verrait-on en s’approchant un peu ? C’est l’avantage de la curiosité : un problème devient une devinette, et les devinettes aiment qu’on les résolve.',
      'D’autres auraient haussé les épaules. {name} s’agenouilla, regarda par la gauche, par la droite, et même par en dessous. Les yeux curieux trouvent ce que les yeux pressés ne voient pas : il y avait là un premier petit indice.',
    ],
    funny: [
      '{name} fit une grimace si drôle que même le silence dut pouffer. « Voilà, dit {name}. Personne ne réfléchit bien avec le ventre noué. On rit d’abord, on fait un plan ensuite. » Et ce fut exactement dans cet ordre.',
      '« Bah, dit {name}, cela pourrait être pire. Il pourrait pleuvoir de la purée. » {friend} se mit à rire, puis ils rirent ensemble, et après cela l’ennui semblait avoir rétréci d’au moins une taille.',
    ],
    smart: [
      '{name} ferma les yeux pour mieux réfléchir. Que savons-nous ? Qu’avons-nous ? Que n’avons-nous pas encore essayé ? Une à une, les pensées se mirent en file comme des canards sur un étang, et la dernière leva la tête : c’était une idée.',
      'Du bout d’un bâton, {name} traça un plan sur le sol : un trait pour ce qu’ils avaient, un rond pour ce qui manquait, et une flèche de l’un à l’autre. Vu ainsi, ce n’était plus une catastrophe. Ce n’était qu’un casse-tête.',
    ],
    adventurous: [
      'Un frisson de joie descendit jusqu’aux orteils {de_name}. C’est ce que l’on sent juste avant une aventure, quand le chemin tourne et que personne ne voit ce qu’il cache. « Viens, dit {name}. Nous le saurons en arrivant. »',
      '{name} attendait un jour pareil depuis longtemps. Lacets noués, manches retroussées, yeux grands ouverts : une aventure ne demande pas d’autre bagage. « Par où ? » demanda {friend}. « Tout droit », dit {name}, et ils se mirent en route.',
    ],
    creative: [
      '{name} regarda les objets qui traînaient et vit ce qu’ils pouvaient devenir. Un couvercle était une roue, une ficelle était une route, une feuille était presque une voile. Là où d’autres voient du bric-à-brac, une tête pleine d’idées voit un commencement.',
      '« Et si… », dit {name}, et ces deux petits mots étaient toujours un bon début. Et si on le retournait ? Et si on le peignait, le pliait, le chantait ? Les idées se mirent à tomber comme des chaussettes d’un tiroir.',
    ],
    helpful: [
      '{name} n’attendit pas qu’on le demande. Il y avait des choses à porter, à tenir, à chercher, et deux mains de bonne volonté font beaucoup quand elles commencent. Bientôt, {friend} s’activait aussi, car l’envie d’aider est contagieuse.',
      '« Que puis-je faire ? » demanda {name}, comme toujours. C’est une petite question, mais elle ouvre de grandes portes. Et pendant que chacun choisissait sa tâche, l’ennui s’habituait à l’idée de s’en aller.',
    ],
    gentle: [
      '{name} avança lentement et parla tout bas, comme on le fait près d’un chat qui dort. La douceur entend plus de choses que le bruit. Et dans ce calme, on comprit ce qu’il fallait, sans que personne ait à le crier.',
      '{name} tendit la main, aussi légèrement que si une bulle de savon y était posée. « Tout va bien », disait cette main, sans un mot. La douceur prend un peu plus de temps, mais elle arrive partout.',
    ],
    magical: [
      'Des picotements coururent au bout des doigts {de_name}, comme aux jours très rares. C’était une petite magie, pas une magie bruyante : l’air sentait [la cannelle|l’orange], les ombres prirent un bleu amical, et soudain bien des choses semblèrent possibles.',
      '{name} murmura un mot secret, un mot qui n’avait jamais été écrit. Il n’y eut ni éclair ni fracas. Mais la lumière devint un peu plus dorée, et {friend} souffla : « Oh. » C’est le bruit que fait la vraie magie.',
    ],
  },
  otherTrait: [
    'Quand on parle {de_name}, le premier mot qui vient est « {trait} ». Ce jour-là, on vit à quoi cela peut servir. {name} respira profondément et commença, avec un sourire calme, là où se trouvait l’ennui.',
    '« {trait} », voilà le mot que l’on choisit pour parler {de_name}, et c’est un compliment. C’est peut-être pour cela que personne ne songea à renoncer. {name} regarda {friend}, {friend} regarda {name}, et ils hochèrent la tête.',
  ],
  abilities: [
    'Alors {name} se souvint d’un don que tout le monde n’a pas : {ability}. Ce don n’était pas fait pour se vanter. Il était fait pour des moments comme celui-ci, et il opéra si doucement que seul le silence s’en aperçut.',
    'Il faut maintenant que vous sachiez une chose {de_name} : {ability}. La plupart du temps, nul n’en a besoin. Mais ce jour-là n’était pas un jour ordinaire, et ce talent sortit de sa cachette, timide d’abord, puis dans toute sa splendeur.',
    'C’était le moment du secret {de_name}. {friend} ne l’avait encore jamais vu : {ability} ! Cela ne dura qu’un souffle ou deux, mais il suffit parfois d’un souffle ou deux pour que l’histoire tourne autrement.',
  ],
  noAbility: [
    'Alors {name} eut une pensée, la plus simple de toutes. Personne n’est obligé de tout faire. Chacun n’a qu’à faire la chose qu’il sait bien faire, puis passer le reste à son voisin. {friend} trouva cette pensée très à son goût.',
    'Ils se reposèrent un peu, partagèrent une pomme en deux moitiés égales et regardèrent bouger la lumière. On voit tant de choses quand on cesse de chercher. {name} posa le trognon. « Maintenant, je sais », murmura sa voix.',
  ],
  endings: [
    'Plus tard, au lit, {name} raconta toute l’histoire encore une fois, d’une voix de plus en plus lente. La couverture était chaude, la maison se taisait, et dehors la nuit veillait. Un dernier bâillement, un dernier sourire. Dors bien, {name}.',
    'Cette nuit-là, sous la couverture moelleuse, {name} écouta. L’horloge faisait tic-tac, le vent respirait dans les arbres, et très loin une chouette disait bonsoir à la lune. À chaque souffle, la journée devenait plus calme, jusqu’à n’être plus qu’un rêve.',
    'Et quand on baissa la lampe, la journée se referma comme un livre d’images. Les paupières {de_name} devinrent lourdes. Chaque chose était à sa place : les étoiles dehors, les pantoufles sous le lit, et une pensée heureuse sous l’oreiller. Bonne nuit.',
    'Le soir, un baiser se posa sur le front {de_name}, aussi léger qu’un papillon. « C’était une bonne journée ? » demanda une voix près de la porte. « La meilleure », murmura {name} dans un demi-sommeil. Puis la chambre devint tranquille, et tout était bien.',
  ],
  plots: {
    'Bedtime Adventure': {
      titles: ['{name} et l’étoile qui ne pouvait pas dormir', 'La nuit où {name} trouva une étoile'],
      friends: [
        ['une petite chouette grise nommée Plume', 'Plume'],
        ['un papillon de nuit aux ailes d’argent, qui s’appelait Lumi', 'Lumi'],
        ['un hérisson somnolent nommé Tic', 'Tic'],
      ],
      setting:
        'Un soir, quand les dents furent brossées et les rideaux tirés, on frappa à la fenêtre. Sur le rebord se tenait {intro}. « Pardon de venir si tard, dit la petite voix, mais la plus petite de toutes les étoiles est tombée dans votre jardin. Et ici-bas, elle n’arrive pas à s’endormir. »',
      problem:
        'Ils la trouvèrent entre [les tulipes|les lavandes] : une étoile pas plus grosse qu’un bouton, qui clignotait dans l’herbe mouillée. « J’ai glissé, renifla-t-elle, et le ciel est si haut. » Sa lueur pâlissait à chaque souffle. Et tout là-haut, à la place qui était la sienne, il y avait un minuscule trou dans la nuit.',
      middle:
        'Ensemble, ils grimpèrent dans le vieux pommier, branche après branche, l’étoile bien au chaud dans le capuchon {de_name}. Du sommet, on voyait toute la ville endormie : les toits, la rivière d’argent, un chat qui rentrait chez lui. Mais le ciel était encore loin. « Et si personne, là-haut, ne me cherchait ? » demanda l’étoile.',
      resolution:
        '« Écoute », dit {name}, et sa voix se mit à fredonner la berceuse que l’on chantait chaque soir à la maison. {friend} fredonna aussi. Une à une, les étoiles se penchèrent pour entendre, et la plus proche laissa descendre un fil de lune, fin comme un fil d’araignée. La petite s’y accrocha bien fort. Elle monta, [brillante et légère|lentement, en se balançant], jusqu’à ce que le trou dans la nuit soit refermé.',
      home: '« Merci », scintilla une voix venue de très loin. {friend} fit le chemin jusqu’à la fenêtre, salua bien bas et disparut. Il n’y avait plus que le jardin, l’odeur de l’herbe, et un lit chaud qui avait attendu patiemment.',
    },
    'School Day Fun': {
      titles: ['{name} et la ville de papier', 'Le jour où la classe {de_name} bâtit une ville'],
      friends: [
        ['Noor, qui venait d’arriver et ne parlait presque jamais', 'Noor'],
        ['Sacha, qui venait d’arriver et parlait tout bas', 'Sacha'],
        ['Charlie, qui habitait ici depuis une semaine à peine', 'Charlie'],
      ],
      setting:
        'À l’école, c’était le jour de la ville de papier. Depuis des semaines, la classe la construisait avec des boîtes et du carton : une boulangerie, une gare, une tour avec son horloge. À onze heures, toute l’école viendrait la voir. Au pupitre voisin se trouvait {intro}.',
      problem:
        'Mais quand la porte s’ouvrit, tout le monde poussa un cri. Quelqu’un avait oublié la fenêtre, et le vent de la nuit avait joué dans la classe. La boulangerie était couchée sur le côté. La tour avait perdu son toit, et le pont de papier n’était plus qu’un ruban [froissé|trempé]. « Deux heures, dit doucement la maîtresse. J’ai peur que ce soit trop court. »',
      middle:
        'Bientôt, il y eut de la colle sur toutes les manches. Les uns relevaient les maisons, les autres peignaient les toits, et la gare reçut une horloge neuve, faite d’une capsule de bouteille. Seul le pont ne voulait pas tenir, de quelque façon qu’on le plie. C’est alors que {name} vit un dessin, caché sous le pupitre de {friend} : un pont à deux grandes arches, où rien ne manquait.',
      resolution:
        '« Tu sais comment faire, dit {name}. Tu veux bien nous montrer ? » Les joues de {friend} devinrent toutes rouges. Puis vint un signe de tête, et plus de mots que dans toute la semaine : ici une règle, là une ficelle, et on noue comme ceci. À onze heures moins cinq, le pont était debout. Un petit train roula dessus, et rien ne trembla.',
      home: 'Toute l’école applaudit, à en faire chanter les vitres. « Qui a construit le pont ? » demanda la directrice. « Nous tous », dit {friend} d’une voix claire, en regardant {name}. Sur le chemin du retour, ils comptèrent tous les vrais ponts. Il n’y en avait qu’un, alors ils le comptèrent deux fois.',
    },
    'Birthday Celebration': {
      titles: ['{name} et l’anniversaire que personne ne savait', '{name} et le deuxième gâteau'],
      friends: [
        ['Muscade, la chatte rousse des voisins', 'Muscade'],
        ['Poivre, un petit chien à l’oreille blanche', 'Poivre'],
        ['Bouton, le gros chat tigré d’en face', 'Bouton'],
      ],
      setting:
        'C’était l’anniversaire {de_name}, et la cuisine sentait bon [la vanille|le chocolat]. Des guirlandes pendaient à la lampe, et les invités viendraient à trois heures. Sur le seuil, entre deux pots de fleurs, attendait {intro}, à côté d’un paquet bleu que personne n’avait posé là.',
      problem:
        'Sur le paquet, pas de nom. Seulement une date : celle du jour, avec une année si lointaine qu’on aurait dit un numéro de téléphone. « Quelqu’un d’autre a son anniversaire aujourd’hui, dit lentement {name}. Quelqu’un de très vieux. Et son cadeau s’est trompé de porte. » Un anniversaire sans cadeau, et peut-être sans une seule bougie ? C’était impossible.',
      middle:
        'Ils remontèrent donc la rue et sonnèrent à toutes les portes. Le boulanger était né en mai. Les jumeaux du numéro neuf, en hiver. À la toute dernière maison, là où les roses passaient par-dessus la barrière, les rideaux étaient à demi fermés et une horloge battait derrière la porte. {friend} se coucha sur le paillasson et refusa de faire un pas de plus.',
      resolution:
        'Le vieux monsieur Aubier ouvrit, en pantoufles. Il regarda longtemps le paquet bleu. « C’est de mon frère, de l’autre côté de la mer, dit-il. Je croyais que tout le monde avait oublié. » « Alors venez chez nous, dit {name}. Nous avons un gâteau, et il y a assez de place pour deux sortes de bougies. » Et monsieur Aubier alla chercher son plus beau nœud papillon.',
      home: 'Jamais la rue n’avait entendu un chant d’anniversaire aussi joyeux, car on le chanta deux fois. Monsieur Aubier fit disparaître une pièce de monnaie, {friend} s’endormit dans le papier cadeau, et quand les bougies s’éteignirent, deux vœux partirent en même temps. Personne ne dit lequel, mais il y eut deux sourires.',
    },
    'Weekend Explorer': {
      titles: ['{name} et l’endroit où naît le ruisseau', '{name} remonte le ruisseau'],
      friends: [
        ['une jeune loutre nommée Ondine', 'Ondine'],
        ['une grenouille très bien élevée qui s’appelait Plouf', 'Plouf'],
        ['une libellule bleue qui répondait au nom de Zig', 'Zig'],
      ],
      setting:
        'C’était enfin samedi, et derrière le pré le ruisseau parlait tout seul. Il venait bien de quelque part, mais personne au village n’aurait su dire d’où. Sur une pierre, au milieu de l’eau, se tenait {intro}. « Moi aussi, dit la petite bête, j’ai toujours voulu le savoir. »',
      problem:
        'Ils suivirent donc l’eau vers le haut, sous les saules, plus loin que le vieux moulin. Puis la vallée se resserra, et ils arrivèrent devant un mur de ronces haut comme une maison. Le ruisseau se glissait dessous en riant. Mais avec un sac à dos, impossible de passer. « [Et maintenant ?|C’est déjà fini ?] » demanda {friend}.',
      middle:
        'À côté des ronces, ils découvrirent un sentier que seuls [les chevreuils|les renards] connaissaient, avec de minuscules traces dans la boue. Il passait par-dessus les racines, contournait les rochers moussus, montait encore, et le ruisseau devint si petit qu’on pouvait l’enjamber. Puis ils virent trois filets d’eau se rejoindre. Lequel était le vrai commencement ?',
      resolution:
        '« Demandons à l’eau », dit {name}, et posa une feuille sur chacun des trois. La première feuille resta immobile. La deuxième tourna en rond. Mais la troisième descendit en dansant, comme si elle connaissait le chemin. Et là, sous une fougère, ils le trouvèrent : un trou pas plus grand qu’une tasse, où tout le ruisseau commençait, clair comme du verre.',
      home: 'Ils burent chacun une gorgée fraîche, sans un mot, car il y a des endroits qui parlent d’eux-mêmes. {name} dessina la source sur la carte, avec une petite couronne. Puis l’eau les ramena, par le moulin et les saules, pendant que la lumière prenait la couleur du miel.',
    },
    'Rainy Day Magic': {
      titles: ['{name} et la musique de la pluie', 'L’orchestre de pluie {de_name}'],
      friends: [
        ['Capitaine Laine, un lapin tricoté auquel manquait un bouton', 'Capitaine Laine'],
        ['Berthe, un éléphant de tissu qui avait vu bien des jours de pluie', 'Berthe'],
        ['Mousse, un petit ours de chiffon à la mine très sérieuse', 'Mousse'],
      ],
      setting:
        'Il pleuvait. Il pleuvait sur le toit, sur le vélo, sur le bac à sable, et cela n’avait pas l’air de vouloir cesser avant jeudi. Sous une tente de couvertures, {name} soupira. « Psst », fit quelqu’un. C’était {intro}. « Tu entends ? La pluie répète. Mais elle a perdu le rythme. »',
      problem:
        '{name} tendit l’oreille. C’était vrai. Les gouttes faisaient plic, puis ploc, puis plus rien, puis plic-plic-plic toutes à la fois, comme un tambour qui aurait égaré ses baguettes. « Tant qu’elle ne trouve pas sa chanson, dit {friend}, elle ne peut pas la finir. Et tant qu’elle ne peut pas la finir, il faut qu’il pleuve. »',
      middle:
        'Ils allèrent chercher tout ce qui pouvait sonner : trois casseroles, une boîte à biscuits, [cinq|sept] bocaux remplis d’eau, l’un grave, l’autre aigu. Ils les portèrent au grenier, sous la lucarne. Plic, fit la casserole. Plong, fit le bocal. C’était un début, mais ce n’était pas encore une chanson. Il manquait quelqu’un pour la conduire.',
      resolution:
        '{name} prit une cuillère en bois et la leva bien haut. Un, deux, trois : le toit donna la mesure, la gouttière chanta la basse, et les bocaux tintèrent comme des cloches. {friend} dansa à en perdre ses coutures. Et la pluie comprit ! Elle tambourina, chuchota, étincela, pendant toute une chanson, jusqu’à la dernière note, très longue.',
      home: 'Puis ce fut le silence. Une seule goutte pendait à la gouttière, avec le soleil dedans, et sur les jardins se tenait un arc-en-ciel, large comme des applaudissements. {name} ouvrit la fenêtre et respira l’odeur de la terre. « Demain, même heure ? » demanda {friend}, qui, pour tous les autres, n’était qu’un jouet.',
    },
    'Family Time': {
      titles: ['{name} et le soir sans lumière', 'Le soir où tout s’éteignit chez {name}'],
      friends: [
        ['Biscuit, le vieux chien', 'Biscuit'],
        ['Marbre, le chat de tout le monde', 'Marbre'],
        ['Gaufre, la chienne aux très longues oreilles', 'Gaufre'],
      ],
      setting:
        'Ce soir-là, toute la famille était à la maison, ce qui n’arrivait pas souvent. Et pourtant, chacun était ailleurs : l’un à l’ordinateur, l’autre au téléphone, un troisième derrière son journal. Au milieu du tapis, il y avait {intro}, et juste à côté {name}, et le temps leur semblait long.',
      problem:
        'Clac, fit quelque chose à la cave, et la maison devint toute noire. Plus de lampe, plus d’écran, plus de ronron du réfrigérateur. « Oh non ! » cria-t-on à gauche. « Mon travail ! » cria-t-on à droite. Pendant un moment, on se cogna aux chaises, et quelqu’un mit le pied dans une gamelle [d’eau|de croquettes]. Cela ne sentait pas la soirée douillette.',
      middle:
        'Dans le tiroir, il y avait des bougies, de celles qu’on garde sans savoir pourquoi. {name} les posa sur la table, et les visages apparurent un à un dans la lueur dorée : celui de Grand-mère, puis tous les autres. On se regarda comme après un long voyage. « Et maintenant ? » demanda quelqu’un. Le mur était blanc et vide, et les ombres y attendaient déjà.',
      resolution:
        'Cela commença par les mains {de_name}, qui devinrent un oiseau. Celles de Grand-mère firent un loup très enrhumé. Bientôt, toute une forêt vivait sur le mur, avec un dragon fait de deux oncles, et {friend} traversa le tableau à pas de géant. Grand-mère raconta comment, toute petite, elle s’était perdue dans la neige, et cette histoire-là, personne ne l’avait jamais entendue.',
      home: 'Quand les lampes se rallumèrent, tout le monde cligna des yeux. Il y eut un silence. Alors {name} se leva et les éteignit. « Encore un petit peu », dit la famille d’une seule voix, et l’on se serra sous la grande couverture, comme des petits pains dans une corbeille.',
    },
    'Making Friends': {
      titles: ['{name} et le cerf-volant rouge', '{name} et le cerf-volant du grand chêne'],
      friends: [
        ['un enfant du nom de Yuki, dans cette ville depuis la veille', 'Yuki'],
        ['un enfant du nom d’Elif, qui ne connaissait personne ici', 'Elif'],
        ['un enfant du nom de Luca, dont nul ne comprenait la langue', 'Luca'],
      ],
      setting:
        'Ce jour-là, le parc était plein de voix. Seul le banc sous le grand chêne restait silencieux. On y voyait {intro}, les yeux levés. {name} leva les yeux aussi. Tout en haut des branches pendait un cerf-volant rouge à la longue queue, qui tremblait au vent comme un oiseau pris au piège.',
      problem:
        '« Il est à toi ? » demanda {name}. La réponse fut un signe de tête, et un tout petit. Dire bonjour, c’est le plus difficile quand on arrive quelque part, car les mots restent dans la gorge comme des miettes. Et la seule chose familière pendait là-haut, où les branches étaient bien trop minces pour grimper.',
      middle:
        'Ils essayèrent un bâton, mais il était trop court. Ils essayèrent un ballon, mais il resta là-haut lui aussi. Entre-temps, d’autres étaient venus : une fille avec une corde à sauter, deux frères avec une épuisette, un grand-père avec de bons conseils. Chacun savait quelque chose, et personne n’en savait assez. {friend} montra la corde, puis l’épuisette, puis le long bâton.',
      resolution:
        'Mais bien sûr ! La corde au bâton, l’épuisette à la corde : à eux tous, ils fabriquèrent une canne à pêcher les cerfs-volants. {name} tenait le bas, {friend} guidait le haut, et les autres criaient « à gauche », « à droite » et « presque ». Dans un doux froissement, le cerf-volant rouge se libéra et descendit, tout droit entre quatre mains ouvertes. Et tout le monde se mit à rire dans la même langue.',
      home: 'Ils le firent voler jusqu’à ce que le soleil soit bas, et chacun tint la ficelle pendant cent battements de cœur. « Demain ? » demanda {friend} à la grille. Ce n’était qu’un mot. Mais c’est le plus beau mot que puissent se dire deux amis tout neufs, et {name} le répéta aussitôt.',
    },
    'Learning Something New': {
      titles: ['{name} et les deux débuts', '{name} apprend à rouler'],
      friends: [
        ['un jeune moineau nommé Pépin', 'Pépin'],
        ['une petite hirondelle ébouriffée nommée Virgule', 'Virgule'],
        ['un tout petit rouge-gorge qui s’appelait Point', 'Point'],
      ],
      setting:
        'Dans la cour attendait un vélo [jaune citron|bleu prune], sans petites roues. C’était le jour d’apprendre. Sur le mur, juste à côté, se trouvait {intro}, l’œil inquiet. « Moi, je dois voler aujourd’hui, dit une voix flûtée. Tout le monde dit que c’est facile. Enfin, tous ceux qui savent déjà. »',
      problem:
        '« Je vois très bien », dit {name}, et monta en selle. Le vélo pencha à gauche, puis à droite, puis se coucha dans [les pâquerettes|l’herbe], la roue en l’air. Sur le mur, on entendit un battement d’ailes, un petit cri et un choc tout mou. Ils se regardèrent. Il y avait là un genou égratigné et une plume de travers.',
      middle:
        '« Qu’est-ce qui n’allait pas ? » demanda {friend}. « Je regardais mes pieds, dit {name}. Et toi ? » « Je regardais le sol. » C’était donc cela ! Ils recommencèrent, les yeux droit devant, vers le portail où commence la route. Trois tours de pédales. Cinq coups d’ailes. Puis un choc encore, mais plus petit, et bien plus loin.',
      resolution:
        'Ils comptèrent leurs chutes à voix haute, comme des points. Sept. Huit. Au neuvième départ, {name} oublia la prudence, tant le vent était bon, et {friend} l’oublia aussi. Et soudain la cour se mit à glisser, le portail approcha, et dans l’air, juste au-dessus du guidon, volait un très petit oiseau qui chantait à pleine voix.',
      home: 'Ils ne s’arrêtèrent qu’après trois tours de la fontaine. « C’est facile », souffla {friend}. « Non, dit {name}, mais maintenant nous savons le faire. » Le genou reçut un pansement à étoiles. La plume se remit droite toute seule. Et le vélo, cette nuit-là, eut le droit de rester dans l’entrée.',
    },
    'Helping Others': {
      titles: ['{name} et le pain du matin', '{name} et l’âne du boulanger'],
      friends: [
        ['Oscar, l’âne du boulanger', 'Oscar'],
        ['Anatole, l’âne gris du boulanger', 'Anatole'],
        ['Basile, le petit âne brun du boulanger', 'Basile'],
      ],
      setting:
        'Chaque matin, tout le village se réveillait dans l’odeur du pain frais. Mais ce jour-là, le boulanger restait assis devant sa boutique, un pied bandé. « J’ai glissé sur la farine, dit-il. Les petits pains sont cuits, mais qui va les porter ? » À côté de lui, devant une charrette pleine, attendait {intro}, sans savoir où aller.',
      problem:
        'Il y avait douze paniers sur la charrette, chacun avec un ruban d’une autre couleur. Seul le boulanger savait à qui ils étaient. « Le rouge, c’est pour l’école, commença-t-il, le vert, c’est pour… » Mais son pied lui fit si mal qu’il dut s’allonger. Et dans toute la rue, des gens affamés ouvraient déjà leurs [volets|fenêtres].',
      middle:
        'Ils allèrent de porte en porte. La dame au chapeau vert reçut le ruban vert, et c’était juste. L’odeur de pavot les mena chez le peintre, qui n’aimait rien d’autre. Et ainsi de suite, panier après panier, tandis {que_friend} s’arrêtait de lui-même, exactement là où, d’habitude, il y avait un sucre. À la fin, il resta un panier, et plus aucune porte.',
      resolution:
        'C’était le plus petit, avec un ruban blanc. {name} passa en revue toutes les fenêtres du matin, et en trouva encore une. « C’est le sien, dit {name}. Il a fait du pain pour nous tous, et il n’a pas déjeuné. » Ils firent donc demi-tour et apportèrent au boulanger son propre pain, encore chaud, avec du beurre.',
      home: 'À midi, tout le village était au courant. L’un balaya la boulangerie, l’autre porta du bois, un troisième fit un coussin pour le pied. « Je n’avais que du pain à donner », dit le boulanger en s’essuyant les yeux, sûrement pleins de farine. {friend} eut deux sucres, et {name} le tout premier petit pain du lendemain.',
    },
    'Holiday Adventure': {
      titles: ['{name} et le petit phoque dans la brume', '{name} et le chant du coquillage'],
      friends: [
        ['un petit phoque aux yeux tout ronds, qui s’appelait Nils', 'Nils'],
        ['un bébé phoque du nom de Filou', 'Filou'],
        ['un petit phoque tacheté qui répondait au nom de Galet', 'Galet'],
      ],
      setting:
        'Les vacances sentaient le sel et la crème solaire. {name} avait déjà bâti [trois châteaux|toute une ville] de sable quand la brume arriva de la mer, douce et blanche comme du lait. Derrière le dernier rocher, quelqu’un éternua. C’était {intro}. « Je voulais seulement regarder les châteaux, dit une voix minuscule. Et maintenant, je ne vois plus ma maman. »',
      problem:
        'Plus de plage. Plus de mer. Il n’y avait que du blanc, et dans ce blanc les vagues chuchotaient, tantôt par ici, tantôt par là. Quelque part au large, une mère appelait, mais la brume avalait chaque son avant qu’on sache d’où il venait. {friend} se serra contre le genou {de_name} en frissonnant.',
      middle:
        'Ils suivirent d’abord la ligne d’algues qui marque le bord de l’eau. Puis ils longèrent le mur du port, pierre après pierre, jusqu’à l’endroit où l’on attache les bateaux. Tout au bout de la jetée reposait un coquillage gros comme une miche, dont les pêcheurs se servaient ces jours-là, il y a longtemps, avant les lampes.',
      resolution:
        '{name} prit une grande inspiration et souffla. Une note longue et grave roula sur l’eau, et la brume la porta, car la brume aime la musique. Ils attendirent. Alors, de très loin, vint une réponse, puis une autre, plus proche. Une tête lisse et luisante sortit des vagues. « Te voilà », dit la maman phoque, et il n’y avait rien de plus à dire.',
      home: 'Au bord de la jetée, {friend} se retourna encore une fois et fit trois culbutes dans l’eau, en guise de merci. Lentement, la brume se leva, et derrière elle le soir était rose et or. Les châteaux étaient toujours là. Autour du plus grand, quelqu’un avait posé une couronne de coquillages.',
    },
  },
  custom: {
    titles: ['{name} et la boîte « {title} »', '{name} : {title}'],
    friends: [
      ['une souris en casquette de facteur, qui s’appelait Virgule', 'Virgule'],
      ['un petit renard aux pattes tachées d’encre, nommé Fable', 'Fable'],
      ['un rouge-gorge à sacoche, du nom de Merlin', 'Merlin'],
    ],
    setting:
      'Tout commença par une boîte en bois, sur le rebord de la fenêtre, qui n’y était pas la veille. À côté attendait {intro}. Sur le couvercle, en lettres bouclées, on avait peint : « {title} ». « C’est le nom d’une aventure, dit la petite voix. On l’a gardée pour toi. »',
    problem:
      'Quand le couvercle fut grand ouvert, la chambre se mit à changer. Le tapis devint un chemin, la lampe un soleil doux, et devant eux se dressa un portail sans poignée. « Il ne s’ouvre qu’à ceux qui apportent quelque chose, dit {friend}. »',
    middle:
      'Derrière le portail s’étendait le pays de « {title} », tel qu’on l’imagine juste avant de s’endormir. {tone} Ils avancèrent ensemble, devant tout ce qui faisait partie de ce pays, et chaque fois {que_name} s’arrêtait pour bien regarder, un morceau de plus devenait clair et lumineux.',
    resolution:
      'Au bout du chemin, il y avait un cadre vide entre deux arbres. « Il manque la dernière image », dit {friend}. {name} comprit. Du bout du doigt, dans l’air, {name} dessina ce que cette journée avait eu de meilleur, et le dessin resta là, à briller. Le cadre était plein.',
    home: 'Alors le chemin redevint un tapis et le soleil une lampe. La boîte s’était refermée. Mais sur le couvercle, sous les lettres bouclées, il y avait maintenant une deuxième ligne : « une histoire {de_name} ». {friend} salua et disparut.',
  },
  letter: 'Dans la boîte se trouvait une lettre de quelques lignes : « {seed} » {name} la lut à voix haute.',
  cards:
    'Dessous, il y avait de petites cartes avec un seul mot chacune : {keywords}. {name} les posa par terre comme les pierres d’un gué, et commença par celle qui disait « {keyword} ».',
  tones: {
    calming: 'Là-bas, tout était lent et doux, et même le ruisseau marchait au lieu de courir.',
    exciting:
      'Derrière chaque tournant, quelque chose bruissait, et les cœurs battaient comme de petits tambours joyeux.',
    educational:
      'Il y avait quelque chose à apprendre sur chaque pierre, et {friend} savait répondre à une question sur deux.',
    funny:
      'Un panneau éternuait, un chapeau se promenait tout seul, et {friend} en attrapa le hoquet à force de rire.',
    inspiring:
      'Plus ils marchaient, plus le ciel s’élargissait, comme pour dire : regarde ce dont tu es capable.',
    mysterious:
      'Une lueur bleutée flottait sur les prés, et quelqu’un avait laissé des traces de pas qui s’arrêtaient en l’air.',
    balanced: 'Il y avait un peu de vent, un peu de soleil, et toujours juste assez de temps.',
    cheerful:
      'Les oiseaux chantaient en chœur, et les fleurs hochaient la tête comme si elles savaient les paroles.',
  },
  ages: {
    3: 'trois',
    4: 'quatre',
    5: 'cinq',
    6: 'six',
    7: 'sept',
    8: 'huit',
    9: 'neuf',
    10: 'dix',
    11: 'onze',
    12: 'douze',
  },
  and: ' et ',
  hair: {
    brown: 'bruns',
    brun: 'bruns',
    brune: 'bruns',
    bruns: 'bruns',
    châtain: 'châtains',
    châtains: 'châtains',
    chestnut: 'châtains',
    black: 'noirs',
    noir: 'noirs',
    noirs: 'noirs',
    blond: 'blonds',
    blonde: 'blonds',
    blonds: 'blonds',
    red: 'roux',
    roux: 'roux',
    rousse: 'roux',
    ginger: 'roux',
    auburn: 'auburn',
    white: 'blancs',
    blanc: 'blancs',
    grey: 'gris',
    gray: 'gris',
    pink: 'roses',
    blue: 'bleus',
    purple: 'violets',
    golden: 'dorés',
  },
  eyes: {
    brown: 'marron',
    marron: 'marron',
    blue: 'bleus',
    bleu: 'bleus',
    bleus: 'bleus',
    green: 'verts',
    vert: 'verts',
    verts: 'verts',
    grey: 'gris',
    gray: 'gris',
    gris: 'gris',
    hazel: 'noisette',
    noisette: 'noisette',
    black: 'noirs',
    noir: 'noirs',
    noirs: 'noirs',
    dark: 'noirs',
    amber: 'd’ambre',
  },
  portrait: (age, hair, eyes) => {
    const head = [...(hair ? [`les cheveux ${hair}`] : []), ...(eyes ? [`les yeux ${eyes}`] : [])].join(
      ' et ',
    );
    return (age ? `, ${age} ans` : '') + (head ? `, ${head}` : '');
  },
  nameSlots: (slot, name) => ({
    [`de_${slot}`]: ELIDING.test(name) ? `d’${name}` : `de ${name}`,
    [`que_${slot}`]: ELIDING.test(name) ? `qu’${name}` : `que ${name}`,
  }),
  quote: (text) => `« ${text} »`,
  // French sets a space that does not break inside its quotation marks and before double punctuation.
  typeset: (text) => text.replace(/« /g, '«\u00a0').replace(/ ([»?!:;])/g, '\u00a0$1'),
};
