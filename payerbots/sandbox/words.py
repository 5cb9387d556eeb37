"""Word lists and price lists from which the book of business is drawn."""

from __future__ import annotations

from typing import Final


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


LAST: Final = _names(
    "Abernathy, Alvarez, Ashworth, Baptiste, Beaumont, Bjornsen, Blackwell, Boudreaux, Brzezicki, "
    "Callahan, Carrasco, Castañeda, Chowdhury, Cisneros, Crenshaw, D'Amico, Dabrowski, De la Rosa, "
    "Delacroix, Desjardins, Eastman, Ellington, Espinoza, Fairbanks, Fitzgerald, Fontaine, Friesen, "
    "Galloway, Garza-Ruiz, Goldfarb, Grunewald, Guðmundsen, Gutiérrez, Hathaway, Hawthorne, Hernández, "
    "Holloway, Huang, Ibarra, Ironside, Jankowski, Jefferies, Kapoor, Kowalczyk, Lachapelle, "
    "Lindqvist, Lombardi, MacAllister, Maddox, Mbeki, McCorkle, Mendoza-Pratt, Moreau, Muñoz, "
    "Nakagawa, Nguyen, Novotny, O'Donnell, O'Rourke, Okafor, Olszewski, Ostrander, Papadakis, "
    "Pemberton, Petrossian, Quintanilla, Radcliffe, Ramaswamy, Rasmussen, Rousseau, Saldaña, "
    "Santangelo, Schroeder, Shaughnessy, Silverstein, St. Clair, Stanhope, Szymanski, Takahashi, "
    "Thibodeaux, Thornburg, Tillman-Reyes, Underhill, Valenzuela, Van Houten, Vasquez, Vogel, "
    "Wainwright, Weatherby, Whitfield, Wojtowicz, Yarborough, Zamora, Zielinski"
)
WOMEN: Final = _names(
    "Adele, Agnes, Alma, Beatriz, Bernadette, Carol, Cecelia, Charlene, Consuelo, Darlene, Delores, "
    "Dorothy, Edith, Eileen, Elena, Esther, Florence, Geraldine, Gladys, Harriet, Imogene, Ingrid, "
    "Irene, Jeanette, Joyce, Lorraine, Lucille, Marguerite, Marisol, Maxine, Mei-Ling, Mildred, Noemí, "
    "Norma, Opal, Paulette, Renée, Rosalind, Shirley, Sofía, Thelma, Velma, Vivian, Wilhelmina, "
    "Yolanda"
)
MEN: Final = _names(
    "Alonzo, Alvin, Amos, Armando, Bernard, Cecil, Clarence, Clifford, Cornelius, Dewey, Earl, Edmund, "
    "Elbert, Ernesto, Eugene, Floyd, Gilbert, Harold, Hector, Herbert, Horace, Hubert, Ignacio, "
    "Irving, Jean-Luc, Jesús, José, Lamar, Leland, Leonard, Lionel, Marvin, Milton, Nathaniel, "
    "Norbert, Orville, Percy, Ramón, Reginald, Roosevelt, Rufus, Sherman, Vernon, Wendell, Willard"
)
CITIES: Final = _names(
    "Ashby Falls, Bexley, Brookhaven, Cedar Point, Copper Ridge, Dunmore, Eastlake, Fairmount, "
    "Glen Arbor, Harbor Springs, Kingsport, Larkspur, Millbrook, Northgate, Oak Hollow, Pinecrest, "
    "Quarry Hill, Ridgefield, Silver Creek, Stonebridge, Twin Forks, Wauconda, Westbury"
)
PLANS: Final = (
    ("Summit Choice PPO 1500", "PPO"),
    ("Summit Choice PPO 750", "PPO"),
    ("Summit Select HMO", "HMO"),
    ("Summit Select HMO Plus", "HMO"),
    ("Summit Flex POS 2000", "POS"),
    ("Summit Premier PPO 500", "PPO"),
    ("Summit Bronze EPO 6000", "EPO"),
)
ADVANTAGE: Final = (
    ("Evergreen Medicare Advantage HMO", "EGMA1", "H4471-012"),
    ("Blue Heron Senior Complete PPO", "BHSC7", "H6120-003"),
    ("Summit Advantage Gold HMO-POS", "SHPMA", "H2988-021"),
    ("Prairie Care Dual HMO D-SNP", "PCD44", "H7715-009"),
)
PRIMARY_PAYERS: Final = (
    ("Cascade Mutual Group Health", "CMG22"),
    ("Ironworkers Benefit Fund 86", "IBF86"),
    ("Tri-County School Trust", "TCST1"),
    ("Harbor National Insurance", "HNI09"),
)
SECONDARY_PAYERS: Final = (
    ("Golden Meadow Supplement Plan G", "GMSG3"),
    ("State Medicaid", "STMCD"),
    ("Pioneer Senior Supplement", "PSS10"),
    ("United Fraternal Medigap", "UFM27"),
)
SUPPLIERS: Final = (
    "Bayview Medical Supply",
    "Crestline Oxygen and Mobility",
    "Heartland DME Inc",
    "Valley Home Respiratory",
    "Premier Rehab Equipment",
    "Allied Sleep Solutions",
)
HOSPITALS: Final = ("St. Brendan Medical Center", "Lakeshore General Hospital", "Mercy Ridge Hospital")
NURSING: Final = ("Maple Terrace Skilled Nursing", "Riverbend Care and Rehabilitation", "Sunrise Manor SNF")
HOSPICES: Final = ("Gentle Harbor Hospice", "Evening Star Hospice Care")
HOME_HEALTH: Final = ("Visiting Hands Home Health", "Northland Home Care Agency")
LIMITS: Final = (
    "$2,500.00 per calendar year",
    "1 per 5 years",
    "Rental up to purchase price",
    "$5,000.00 lifetime for DME",
    "13 months rental, then purchased",
)
NOTES: Final = (
    "",
    "",
    "",
    "",
    "",
    "call pt before delivery",
    "spouse answers phone",
    "new Rx on file",
    "rush",
    "DWO signed",
    "fax Dr again",
    "moved - new address",
    "wants Sat delivery",
    "see 2nd ins card",
)
REPRESENTATIVES: Final = ("TMK", "JLB", "RSO", "ANP")

RENTALS: Final = ("E0601", "E0470", "E1390", "E0431", "K0001", "E0260", "E0570", "E0434")
SUPPLIES: Final = (
    ("A7030", "A7037"),
    ("A7037", "A7038"),
    ("A4253",),
    ("A4351",),
    ("B4150",),
    ("A7030", "A7037", "A7038"),
)
PURCHASES: Final = ("E0143", "E0570", "A7030", "L0650")
NAMES: Final = {
    "E0601": "CPAP device",
    "E0470": "Bi-level device without backup rate",
    "A7030": "Full face mask",
    "A7037": "Tubing",
    "A7038": "Disposable filter",
    "E1390": "Oxygen concentrator",
    "E0431": "Portable gaseous oxygen system",
    "E0434": "Portable liquid oxygen system",
    "E0441": "Stationary oxygen contents, gas",
    "E0442": "Stationary oxygen contents, liquid",
    "K0001": "Standard wheelchair",
    "E0143": "Folding wheeled walker",
    "E0260": "Hospital bed, semi-electric",
    "E0277": "Powered pressure-reducing mattress",
    "E0570": "Nebulizer with compressor",
    "A4253": "Test strips, per 50",
    "E2402": "Negative pressure wound pump",
    "L0650": "Lumbar-sacral orthosis, off the shelf",
    "A4351": "Intermittent catheter",
    "B4150": "Enteral formula, standard",
}
# Groups in which the payer treats one item as similar to another.
SIMILAR: Final = (
    frozenset({"E0601", "E0470"}),
    frozenset({"E0431", "E0434"}),
    frozenset({"E0441", "E0442"}),
    frozenset({"K0001", "E0143"}),
)
AUTH_MEDICARE: Final = frozenset({"E0277", "L0650"})
AUTH_COMMERCIAL: Final = frozenset({"E0277", "E2402", "E0470", "L0650", "K0001"})
PART_B_DEDUCTIBLE: Final = {2022: "233.00", 2023: "226.00", 2024: "240.00", 2025: "257.00"}
PART_B_DEDUCTIBLE_LATEST: Final = "283.00"
SUMMIT: Final = ("Summit Health Plan", "SUMHP")
MEDICARE: Final = ("Medicare", "MCRDME")
